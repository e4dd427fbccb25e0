package io.coachpay.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.coachpay.development.Postgres;
import io.coachpay.packaged.Issuer;

/** Measures coaches' reads: the time of one answer, and the database pages it touches. */
final class Reads {

    private static final int CLIENTS = 4;
    private static final int WARM_UP = 400;
    private static final int REQUESTS = 1500;
    private static final int COACHES = 200;
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private static final String LAST_PAYOUT = """
            select p.id from payouts p join users u on u.id = p.user_id
             where u.oidc_subject = ? and p.status = 'paid' order by p.id desc limit 1""";

    private final Postgres server;
    private final Issuer issuer;
    private final int port;
    private final int coaches;

    Reads(Postgres server, Issuer issuer, int port, int coaches) {
        this.server = server;
        this.issuer = issuer;
        this.port = port;
        this.coaches = coaches;
    }

    /** The reads, by the names of their figures. */
    private enum Question {
        BALANCE("/v1/me/balance"),
        PAYOUTS("/v1/me/payouts"),
        PAYOUT_EXPLAIN("/v1/me/payouts/%s/explain"),
        BALANCE_EXPLAIN("/v1/me/balance/explain"),
        SESSIONS("/v1/sessions?as=coach"),
        STATEMENT("/v1/me/statements/%s");

        private final String path;

        Question(String path) {
            this.path = path;
        }

        String figure() {
            return name().toLowerCase(Locale.ROOT).replace('_', '.');
        }
    }

    /** Milliseconds that 99 of 100 answers stay below, by question: of the busy coach and of the others. */
    Map<String, Double> measure(Report report, String size) throws Exception {
        Map<String, Double> slowest = new LinkedHashMap<>();
        List<Integer> others = new ArrayList<>();
        for (int coach = 1; coach <= Math.min(COACHES, coaches - 1); coach++) {
            others.add(coach);
        }
        for (Question question : Question.values()) {
            slowest.put(question.figure(), measure(report, size, question, "", others));
            slowest.put(question.figure() + ".busy", measure(report, size, question, ".busy", List.of(0)));
        }
        return slowest;
    }

    private double measure(Report report, String size, Question question, String whose, List<Integer> coachesAsked)
            throws Exception {
        List<byte[]> requests = requests(question, coachesAsked,
                question == Question.STATEMENT ? REQUESTS / 10 : REQUESTS);
        Load.closedLoop(port, requests.subList(0, Math.min(WARM_UP, requests.size())), CLIENTS, LONGEST);
        Thread.sleep(ReadTimes.TOLD_AFTER_MILLISECONDS);
        long before = ReadTimes.touched(server);
        Load.Answers answers = Load.closedLoop(port, requests, CLIENTS, LONGEST);
        Thread.sleep(ReadTimes.TOLD_AFTER_MILLISECONDS);
        String figure = size + "." + question.figure() + whose;
        report.put(figure + ".p50.milliseconds", answers.percentile(0.5));
        report.put(figure + ".p99.milliseconds", answers.percentile(0.99));
        report.put(figure + ".pages", (double) (ReadTimes.touched(server) - before) / answers.rate().count());
        return answers.percentile(0.99);
    }

    private List<byte[]> requests(Question question, List<Integer> asked, int count) throws SQLException {
        List<byte[]> each = new ArrayList<>();
        for (int coach : asked) {
            String subject = "coach-" + coach;
            String path = switch (question) {
                case PAYOUT_EXPLAIN -> question.path.formatted(lastPayout(subject));
                case STATEMENT -> question.path.formatted(YearMonth.now(ZoneOffset.UTC).minusMonths(2));
                case BALANCE, PAYOUTS, BALANCE_EXPLAIN, SESSIONS -> question.path;
            };
            each.add(ReadTimes.request(path, issuer.token(subject)));
        }
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(each.get(i % each.size()));
        }
        return requests;
    }

    private String lastPayout(String subject) throws SQLException {
        try (Connection connection = connect(); PreparedStatement statement = connection.prepareStatement(LAST_PAYOUT)) {
            statement.setString(1, subject);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), "postgres", "");
    }
}
