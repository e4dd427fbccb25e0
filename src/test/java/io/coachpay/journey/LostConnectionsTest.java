package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import jakarta.inject.Inject;
import jakarta.transaction.TransactionManager;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

import io.coachpay.Management;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.database.Database;
import io.quarkus.runtime.ExecutorRecorder;
import io.restassured.response.ValidatableResponse;

/** Connections to PostgreSQL are cut, as in a failover: that costs the work that was using them, and nothing afterwards. */
@ServiceTest
class LostConnectionsTest {

    private static final int REQUESTS = 200;
    private static final int AT_ONCE = 16;

    @Inject
    DataSource database;

    @Inject
    TransactionManager transactions;

    @ConfigProperty(name = "quarkus.datasource.jdbc.max-size")
    int poolSize;

    @Test
    void costsNoMoreThanTheRequestsThatHadThem() throws Exception {
        Person alice = Person.called("alice");
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        ask(alice);
        double left = leftOnThreads();

        int cut = cutAll();
        List<ValidatableResponse> failed = failures(ask(alice));
        List<ValidatableResponse> failedLater = failures(ask(alice));

        assertThat(cut).isPositive();
        assertThat(failed).hasSizeLessThanOrEqualTo(cut);
        failed.forEach(answer -> Problem.is(answer, 503, "unavailable").header("Retry-After", "1"));
        assertThat(failedLater).isEmpty();
        assertThat(leftOnThreads()).as("the cause is mended, not its traces wiped off").isEqualTo(left);
        String session = Marketplace.booked(alice, carol, Marketplace.freeTime(), 60);
        StripeSandbox.payIntent(Marketplace.clientSecret(alice, session), "pm_card_visa").statusCode(200);
        Marketplace.isSoon(alice, session, "confirmed", "paid");
        Object lastJob = lastJob();
        soon().until(() -> !lastJob().equals(lastJob));
    }

    @Test
    void answersUnavailableWhileEveryConnectionIsTaken() throws Exception {
        Person alice = Person.called("alice");
        alice.id();
        Person bob = Person.called("bob");
        ExecutorService callers = Executors.newFixedThreadPool(3);
        List<Connection> taken = new ArrayList<>();
        try {
            for (int i = 0; i < poolSize; i++) {
                taken.add(database.getConnection());
            }
            var known = callers.submit(() -> alice.gets("/v1/me"));
            var unknown = callers.submit(() -> bob.gets("/v1/me"));
            var anybody = callers.submit(() -> given().get("/v1/coaches").then());

            Problem.is(known.get(), 503, "unavailable").header("Retry-After", "1");
            Problem.is(unknown.get(), 503, "unavailable").header("Retry-After", "1");
            Problem.is(anybody.get(), 503, "unavailable").header("Retry-After", "1");
        } finally {
            for (Connection one : taken) {
                one.close();
            }
            callers.shutdown();
        }
        alice.gets("/v1/me").statusCode(200);
        bob.gets("/v1/me").statusCode(200);
    }

    @Test
    void beginsRequestsOnThreadsThatCarryNothing() throws Exception {
        Person alice = Person.called("alice");
        alice.id();
        double before = leftOnThreads();
        int threads = 4;
        CyclicBarrier each = new CyclicBarrier(threads);
        List<Future<?>> left = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            FutureTask<?> leaving = new FutureTask<>(() -> {
                each.await(10, TimeUnit.SECONDS);
                transactions.begin();
                return null;
            });
            ExecutorRecorder.getCurrent().execute(leaving);
            left.add(leaving);
        }
        for (Future<?> one : left) {
            one.get(10, TimeUnit.SECONDS);
        }

        assertThat(failures(ask(alice))).isEmpty();

        assertThat(leftOnThreads()).isGreaterThan(before);
        alice.gets("/v1/me").statusCode(200);
    }

    private static double leftOnThreads() {
        return Management.get("/q/metrics").asString().lines()
                .filter(line -> line.startsWith("coachpay_transactions_left_total"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll(".* ", ""))).sum();
    }

    private static Object lastJob() {
        return OwnerSql.rows("select max(last_success) as at from scheduled_tasks").get(0).get("at");
    }

    private static List<ValidatableResponse> ask(Person alice) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<ValidatableResponse>> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                String path = i % 2 == 0 ? "/v1/me" : "/v1/me/coach-profile";
                answers.add(callers.submit(() -> alice.gets(path)));
            }
            List<ValidatableResponse> all = new ArrayList<>();
            for (Future<ValidatableResponse> answer : answers) {
                all.add(answer.get());
            }
            return all;
        } finally {
            callers.shutdown();
        }
    }

    private static List<ValidatableResponse> failures(List<ValidatableResponse> answers) {
        return answers.stream().filter(answer -> answer.extract().statusCode() >= 500).toList();
    }

    /** Cuts all of the service's connections; returns how many. */
    private static int cutAll() throws SQLException {
        try (Connection administrator = DriverManager.getConnection(Database.server().jdbcUrl(), "postgres", "");
                Statement statement = administrator.createStatement();
                ResultSet cut = statement.executeQuery("""
                        select count(*) filter (where pg_terminate_backend(pid)) from pg_stat_activity
                         where usename = 'coachpay_app'""")) {
            cut.next();
            return cut.getInt(1);
        }
    }
}
