package io.coachpay.database;

import static io.coachpay.database.Rows.line;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.coachpay.Migrations;
import io.coachpay.access.Ids;
import io.coachpay.development.Postgres;

/** Changesets that carry rows of the release before along, run again over such rows. */
class RowsOfBeforeTest {

    private static final Postgres SERVER = Database.server();
    private static String url;

    @BeforeAll
    static void migrate() {
        url = Database.fresh("before");
    }

    @Test
    void becomeLinesOfAWallet() throws SQLException {
        UUID user = Ids.next();
        String lines = "select line || ' ' || kind || ' ' || trim_scale(balance_after) from wallet_lines order by line";
        List<String> written;
        try (Connection owner = owner()) {
            Sql.run(owner, "insert into users (id, oidc_subject) values (?, ?)", user, user.toString());
            Posting.post(owner, List.of(
                    Posting.Journal.of(line("external", null, "-30"), line("platform_promotions", null, "-3"),
                            line("credits", user, "33")),
                    Posting.Journal.of(line("credits", user, "-25"), line("deferred", user, "25"))));
            written = Sql.column(owner, lines);
            Sql.run(owner, "alter table wallet_lines disable trigger append_only");
            Sql.run(owner, "delete from wallet_lines");
            Sql.run(owner, "alter table wallet_lines enable trigger append_only");

            runAgain(owner, "wallet_lines_of_before");

            assertThat(written).containsExactly("1 test 33", "2 test 8");
            assertThat(Sql.column(owner, lines)).isEqualTo(written);
        }
    }

    /** Each person has an older and a newer card, and one of them was marked here. */
    @Test
    void keepTheDefaultThatStripeNames() throws SQLException {
        try (Connection owner = owner()) {
            customer(owner, "untold", null, "pm_untoldnewer");
            customer(owner, "other", "pm_othernewer", "pm_otherolder");
            customer(owner, "same", "pm_samenewer", "pm_samenewer");

            runAgain(owner, "stripe_customers_default_of_before", "payment_methods_default_of_before");

            assertThat(Sql.column(owner, """
                    select u.oidc_subject || ': ' || coalesce(m.stripe_payment_method_id, '-') || ' wants '
                             || coalesce(c.wanted_default, '-') || case when c.default_if_none then ' if none' else '' end
                      from users u join stripe_customers c on c.user_id = u.id
                      left join payment_methods m on m.user_id = u.id and m.is_default
                     order by u.oidc_subject""")).containsExactly("other: pm_othernewer wants -", "same: pm_samenewer wants -",
                    "untold: - wants pm_untoldnewer if none");
        }
    }

    private static void customer(Connection owner, String name, String stripes, String marked) throws SQLException {
        UUID user = Ids.next();
        Sql.run(owner, "insert into users (id, oidc_subject) values (?, ?)", user, name);
        Sql.run(owner, """
                insert into stripe_customers (id, user_id, stripe_customer_id, default_payment_method) values (?, ?, ?, ?)""",
                Ids.next(), user, "cus_" + name, stripes);
        for (String age : List.of("older", "newer")) {
            Sql.run(owner, """
                    insert into payment_methods (id, user_id, stripe_payment_method_id, type, is_default)
                    values (?, ?, ?, 'card', ?::boolean)""", Ids.next(), user, "pm_" + name + age,
                    Boolean.toString(marked.endsWith(age)));
        }
    }

    private static void runAgain(Connection owner, String... changesets) throws SQLException {
        for (String changeset : changesets) {
            assertThat(Sql.run(owner, "delete from databasechangelog where id = ?", changeset)).isOne();
        }
        new Migrations(url, SERVER.owner().user(), SERVER.owner().password()).migrate();
    }

    private static Connection owner() throws SQLException {
        return Database.connect(url, SERVER.owner());
    }
}
