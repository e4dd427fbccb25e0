package io.coachpay.bench;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.coachpay.development.Postgres;

/** Measures one read: the database pages that it touches, its time where nothing else waits, and its rate at full load. */
final class ReadTimes {

    private static final int CLIENTS = 4;
    /** The compilers have done most of their work by then. */
    private static final int WARM_UP = 5000;
    private static final int REQUESTS = 2000;
    /** Of a second: a tenth to a third of what two processors answer, so that no answer waits for another's. */
    private static final double PACE = 200;
    private static final Duration LONGEST = Duration.ofMinutes(3);
    /** Servers report their touched pages after being idle for this long. */
    static final long TOLD_AFTER_MILLISECONDS = 12_000;
    private static final String TOUCHED = "select blks_hit + blks_read from pg_stat_database where datname = current_database()";

    private final Postgres server;
    private final int port;
    private final Report report;

    ReadTimes(Postgres server, int port, Report report) {
        this.server = server;
        this.port = port;
        this.report = report;
    }

    /** A read of this path, by the person of the token. */
    static byte[] request(String path, String token) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nAuthorization: Bearer " + token
                + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends these in turns, unmeasured. */
    void warmUp(List<byte[]> each) throws Exception {
        Load.closedLoop(port, inTurns(each, WARM_UP), CLIENTS, LONGEST);
    }

    /** Sends these in turns, and measures. */
    void measure(String figure, List<byte[]> each) throws Exception {
        List<byte[]> requests = inTurns(each, REQUESTS);
        Thread.sleep(TOLD_AFTER_MILLISECONDS);
        long before = touched(server);
        Load.Answers full = Load.closedLoop(port, requests, CLIENTS, LONGEST);
        Thread.sleep(TOLD_AFTER_MILLISECONDS);
        report.put(figure + ".pages", (double) (touched(server) - before) / REQUESTS);
        Load.Answers paced = Load.paced(port, requests, CLIENTS, PACE, LONGEST);
        report.put(figure + ".p50.milliseconds", paced.percentile(0.5));
        report.put(figure + ".p99.milliseconds", paced.percentile(0.99));
        report.put(figure + ".full.perSecond", full.rate().perSecond());
        report.put(figure + ".full.p99.milliseconds", full.percentile(0.99));
    }

    private static List<byte[]> inTurns(List<byte[]> each, int count) {
        return IntStream.range(0, count).mapToObj(i -> each.get(i % each.size())).toList();
    }

    /** Pages of the database that were touched until now. */
    static long touched(Postgres server) throws SQLException {
        try (Connection administrator = DriverManager.getConnection(server.jdbcUrl(), "postgres", "");
                Statement statement = administrator.createStatement();
                ResultSet row = statement.executeQuery(TOUCHED)) {
            row.next();
            return row.getLong(1);
        }
    }
}
