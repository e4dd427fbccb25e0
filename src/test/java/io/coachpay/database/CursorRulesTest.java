package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attacks the cursors in SQL, and has those of the release before carried over. */
class CursorRulesTest {

    private static final String ALL = """
            select concat_ws(' ', listing, account, listed_until, listing_from, resume_after, types_left, lines, requested_at, next_at,
                   failure, failures, failed_since, compared_at) from stripe_cursors order by listing, account""";

    private final String account = Rows.stripeId("acct");

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "listing = 'customers' | stripe_cursors_listing_check",
            "account = 'somebody' | stripe_cursors_account_check",
            "failures = -1, failure = 'No.', failed_since = now() | stripe_cursors_failures_check",
            "failure = 'No.' | stripe_cursors_failed", "failed_since = now() | stripe_cursors_failed",
            "failures = 1 | stripe_cursors_failed", "resume_after = 'evt_1' | stripe_cursors_under_way",
            "listing = 'events', types_left = '{}' | stripe_cursors_under_way",
            "types_left = '{}', listing_from = now() | stripe_cursors_types", "lines = 1 | stripe_cursors_types" })
    void refuses(String change, String constraint) throws SQLException {
        UUID cursor = begun("payouts");

        assertThat(Refusal.constraint(() -> Sql.runAsOwner("update stripe_cursors set " + change + " where id = ?", cursor)))
                .isEqualTo(constraint);
    }

    @Test
    void hasOneOfEachListOfAnAccount() throws SQLException {
        begun("payouts");
        begun("events");

        assertThat(Refusal.constraint(() -> begun("events"))).isEqualTo("stripe_cursors_once");
    }

    @Test
    void beginsNoneOfAnAccountThatWasReplaced() throws SQLException {
        UUID row = Rows.connectedAccount(Rows.coach());
        String replaced = Sql.value(Caller.SERVICE, "select stripe_account_id from stripe_connected_accounts where id = ?",
                row);
        for (String listing : List.of("events", "balance_transactions", "payouts")) {
            assertThat(begin(listing, replaced)).isOne();
        }
        Sql.run(Caller.SERVICE, "update stripe_connected_accounts set deauthorized_at = now() where id = ?", row);
        Sql.run(Caller.SERVICE, """
                update stripe_connected_accounts set stripe_account_id = null, deauthorized_at = null,
                  replaced_accounts = array[stripe_account_id] where id = ?""", row);

        assertThat(Sql.column(Caller.SERVICE, "select 1 from stripe_cursors where account = ?", replaced)).isEmpty();
        assertThat(begin("events", replaced)).isZero();
        assertThat(Sql.column(Caller.SERVICE, "select 1 from stripe_cursors where account = ?", replaced)).isEmpty();
    }

    @Test
    void takesOverWhatTheReleaseBeforeIsAskedFor() throws SQLException {
        Sql.run(Caller.SERVICE,
                "insert into balance_imports (id, account, requested_at) values (gen_random_uuid(), ?, '2026-01-01')",
                account);
        assertThat(requested()).startsWith("2026-01-01");

        Sql.run(Caller.SERVICE, "update balance_imports set requested_at = '2026-01-02' where account = ?", account);
        assertThat(requested()).startsWith("2026-01-02");

        Sql.run(Caller.SERVICE, "update balance_imports set requested_at = null where account = ?", account);
        assertThat(requested()).as("what it has imported is imported again").startsWith("2026-01-02");
    }

    @Test
    void carriesTheMarksOfTheReleaseBeforeOver() throws SQLException {
        var server = Database.server();
        server.createDatabase("cursors");
        String url = server.jdbcUrl("cursors");
        Database.migrate(url, server, liquibase -> liquibase.update((int) liquibase.getDatabaseChangeLog().getChangeSets()
                .stream().takeWhile(change -> !change.getFilePath().contains("0034-")).count(), ""));
        try (Connection owner = Database.connect(url, server.owner())) {
            Sql.run(owner, "set time zone 'UTC'");
            Sql.run(owner,
                    """
                            insert into users (id, oidc_subject, email, name) values ('00000000-0000-7000-8000-000000000001', 'carol', 'c@d.e', 'C');
                            insert into stripe_connected_accounts (id, user_id, country, stripe_account_id, replaced_accounts)
                            values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'US', 'acct_c', '{acct_b}');
                            insert into event_marks (id, account, listed_until, listing_from, resume_after, types_left, lines, next_at, failure,
                                   failures, updated_at)
                            values (gen_random_uuid(), 'platform', '2026-01-01', '2026-01-02', 'evt_1', '{a.b,c.d}', 0, '2026-01-03', 'No.', 2,
                                    '2026-01-04'),
                                   (gen_random_uuid(), 'acct_b', '2026-01-01', null, null, null, 7, '2026-01-05', null, 0, now()),
                                   (gen_random_uuid(), 'acct_c', '2026-01-01', null, null, null, 7, '2026-01-05', null, 0, now());
                            insert into balance_imports (id, account, imported_until, listing_from, resume_after, requested_at, next_at, failure,
                                   failures, failed_since, retry_at, compared_at)
                            values (gen_random_uuid(), 'acct_c', '2026-02-01', '2026-02-02', null, '2026-02-03', '2026-02-04', null, 0, null,
                                    null, '2026-02-05'),
                                   (gen_random_uuid(), 'platform', null, '2026-02-02', 'txn_1', null, '2026-02-04', 'away', 1, '2026-02-06',
                                    '2026-02-07', null);
                            insert into payout_listings (id, connected_account_id, listed_until, next_at, failures, updated_at)
                            values (gen_random_uuid(), '00000000-0000-7000-8000-000000000002', '2026-03-01', '2026-03-02', 3, '2026-03-03');
                            """);
        }

        Database.migrate(url, server, liquibase -> liquibase.update(""));

        try (Connection owner = Database.connect(url, server.owner())) {
            Sql.run(owner, "set time zone 'UTC'");
            assertThat(Sql.column(owner, ALL)).containsExactly(
                    "balance_transactions acct_c 2026-02-01 00:00:00+00 2026-02-03 00:00:00+00 2026-02-04 00:00:00+00 0"
                            + " 2026-02-05 00:00:00+00",
                    "balance_transactions platform 2026-02-02 00:00:00+00 txn_1 2026-02-07 00:00:00+00 away 1"
                            + " 2026-02-06 00:00:00+00",
                    "events acct_c 2026-01-01 00:00:00+00 7 2026-01-05 00:00:00+00 0",
                    "events platform 2026-01-01 00:00:00+00 2026-01-02 00:00:00+00 evt_1 {a.b,c.d} 0 2026-01-03 00:00:00+00 No. 2"
                            + " 2026-01-04 00:00:00+00",
                    "payouts acct_c 2026-03-01 00:00:00+00 2026-03-02 00:00:00+00 The listing has not ended 3"
                            + " 2026-03-03 00:00:00+00");
            assertThat(Sql.column(owner, "select account from event_marks")).as("the release before continues with them")
                    .hasSize(3);
        }
    }

    private UUID begun(String listing) throws SQLException {
        return Rows.inserted("insert into stripe_cursors (id, listing, account) values (?, ?, ?)", listing, account);
    }

    private static int begin(String listing, String account) throws SQLException {
        return Sql.run(Caller.SERVICE,
                "insert into stripe_cursors (id, listing, account) values (gen_random_uuid(), ?, ?)", listing, account);
    }

    private String requested() throws SQLException {
        return Sql.value(Caller.SERVICE, """
                select requested_at from stripe_cursors where listing = 'balance_transactions' and account = ?""", account);
    }
}
