package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;

class AuditTest {

    @Test
    void tellsWhoChangedWhatFromWhatToWhat() throws SQLException {
        UUID coach = Rows.coach();
        UUID admin = Rows.user();

        Sql.run(Caller.user(coach), "update coach_profiles set payout_schedule = 'weekly', headline = 'Hello'");
        Sql.run(Caller.admin(admin), "update coach_profiles set platform_fee_percentage = 15 where user_id = ?", coach);

        assertThat(log("coach_profiles", "select id from coach_profiles where user_id = ?", coach)).satisfiesExactly(
                created -> assertThat(created).startsWith("app_service - insert"),
                terms -> assertThat(terms).isEqualTo("app_user " + coach
                        + " update {\"headline\": null, \"payout_schedule\": \"instant\"} {\"headline\": \"[personal]\", \"payout_schedule\": \"weekly\"}"),
                fee -> assertThat(fee).isEqualTo("app_admin " + admin
                        + " update {\"platform_fee_percentage\": 20.00} {\"platform_fee_percentage\": 15.00}"));
    }

    @Test
    void namesPersonalDataAsChangedWithoutKeepingIt() throws SQLException {
        UUID customer = Rows.inserted(
                "insert into stripe_customers (id, user_id, customer_email) values (?, ?, 'old@example.com')", Rows.user());

        Sql.run(Caller.SERVICE, "update stripe_customers set customer_email = 'new@example.com' where id = ?", customer);

        assertThat(log("stripe_customers", "select ?::uuid", customer)).hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("[personal]").doesNotContain("example.com"));
    }

    @Test
    void saysNothingWhenOnlyAMirrorsAgeOrTheFiguresChanged() throws SQLException {
        UUID coach = Rows.coach();
        UUID account = Rows.connectedAccount(coach);

        Sql.run(Caller.SERVICE, "update stripe_connected_accounts set stripe_as_of = now() where id = ?", account);
        Rows.post(Rows.line("external", null, "-10"), Rows.line("coach_pending", coach, "10"));

        assertThat(log("stripe_connected_accounts", "select ?::uuid", account)).hasSize(1);
        assertThat(log("coach_profiles", "select id from coach_profiles where user_id = ?", coach)).hasSize(1);
    }

    @Test
    void leavesTheProfilesAgeAloneWhenMoneyMoves() throws SQLException {
        UUID coach = Rows.coach();
        String before = Sql.value(Caller.user(coach), "select updated_at from coach_profiles");

        Rows.post(Rows.line("external", null, "-10"), Rows.line("coach_pending", coach, "10"));
        String afterPayment = Sql.value(Caller.user(coach), "select updated_at from coach_profiles");
        Sql.run(Caller.user(coach), "update coach_profiles set headline = 'Hello'");

        assertThat(afterPayment).isEqualTo(before);
        assertThat(Sql.value(Caller.user(coach), "select updated_at from coach_profiles")).isGreaterThan(before);
    }

    private static List<String> log(String table, String row, UUID id) throws SQLException {
        return Sql.column(Caller.admin(id), """
                select concat_ws(' ', role, coalesce(actor_id::text, '-'), action, before, after) from audit_log
                where table_name = ? and row_id = (%s) order by created_at""".formatted(row), table, id);
    }
}
