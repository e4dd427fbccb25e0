package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeopleRulesTest {

    @ParameterizedTest
    @ValueSource(strings = { "refused_email = 'bob'", "refused_name = 'Bob'" })
    void callsNobodySyncedWhoHasSomethingThatStripeRefused(String refused) throws SQLException {
        UUID customer = Rows.inserted("insert into stripe_customers (id, user_id, sync_status) values (?, ?, 'synced')",
                Rows.user());

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update stripe_customers set " + refused + " where id = ?", customer)))
                .isEqualTo("stripe_customers_synced_whole");
    }

    @Test
    void replacesNoAccountThatIsConnected() throws SQLException {
        UUID account = Rows.connectedAccount(Rows.coach());

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, """
                update stripe_connected_accounts set stripe_account_id = null,
                  replaced_accounts = array[stripe_account_id] where id = ?""", account)))
                .isEqualTo("stripe_connected_accounts_replaced_kept");
    }

    @Test
    void forgetsNoAccountThatIsReplaced() throws SQLException {
        UUID account = Rows.connectedAccount(Rows.coach());
        Sql.run(Caller.SERVICE, "update stripe_connected_accounts set deauthorized_at = now() where id = ?", account);

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE,
                "update stripe_connected_accounts set stripe_account_id = 'acct_other' where id = ?", account)))
                .isEqualTo("stripe_connected_accounts_replaced_kept");
        assertThat(Sql.run(Caller.SERVICE, """
                update stripe_connected_accounts set stripe_account_id = null, deauthorized_at = null,
                  replaced_accounts = array[stripe_account_id] where id = ?""", account)).isEqualTo(1);
    }

    @Test
    void replacesNoAccountThatHasMoneyLeft() throws SQLException {
        UUID coach = Rows.coach();
        UUID account = Rows.connectedAccount(coach);
        Sql.run(Caller.SERVICE, "update stripe_connected_accounts set deauthorized_at = now() where id = ?", account);
        Rows.available(coach, "10");

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, """
                update stripe_connected_accounts set stripe_account_id = null, deauthorized_at = null,
                  replaced_accounts = array[stripe_account_id] where id = ?""", account)))
                .isEqualTo("stripe_connected_accounts_money_left");
    }

    @ParameterizedTest
    @ValueSource(strings = { "pending", "processing" })
    void replacesNoAccountThatAPaymentMayComeInto(String status) throws SQLException {
        UUID coach = Rows.coach();
        UUID account = Rows.connectedAccount(coach);
        Sql.run(Caller.SERVICE, "update stripe_connected_accounts set deauthorized_at = now() where id = ?", account);
        UUID mentee = Rows.user();
        Rows.transaction(mentee, coach, Rows.session(mentee, coach), status);

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, """
                update stripe_connected_accounts set stripe_account_id = null, deauthorized_at = null,
                  replaced_accounts = array[stripe_account_id] where id = ?""", account)))
                .isEqualTo("stripe_connected_accounts_payment_under_way");
    }

    @Test
    void importsNothingOfAnAccountThatWasReplaced() throws SQLException {
        UUID account = Rows.connectedAccount(Rows.coach());
        Sql.run(Caller.SERVICE, """
                insert into balance_imports (id, account)
                select gen_random_uuid(), stripe_account_id from stripe_connected_accounts where id = ?""", account);
        Sql.run(Caller.SERVICE, "update stripe_connected_accounts set deauthorized_at = now() where id = ?", account);

        Sql.run(Caller.SERVICE, """
                update stripe_connected_accounts set stripe_account_id = null, deauthorized_at = null,
                  replaced_accounts = array[stripe_account_id] where id = ?""", account);

        assertThat(Sql.value(Caller.SERVICE, """
                select count(*)::text from balance_imports i join stripe_connected_accounts c
                    on i.account = any (c.replaced_accounts) where c.id = ?""", account)).isEqualTo("0");
    }

    @Test
    void keepsWhatStripeRefusedBesideTheRest() throws SQLException {
        UUID customer = Rows.inserted(
                "insert into stripe_customers (id, user_id, sync_status, refused_email) values (?, ?, 'failed', 'bob')",
                Rows.user());

        assertThat(
                Sql.run(Caller.SERVICE, "update stripe_customers set sync_status = 'synced', refused_email = null where id = ?",
                        customer))
                .isEqualTo(1);
    }

    /** Addresses and tax ids are a person's own; analysts see neither, whatever they ask for. */
    @Test
    void keepsBillingDetailsFromAllButTheirOwner() throws SQLException {
        UUID user = Rows.user();
        UUID customer = Rows.inserted("""
                insert into stripe_customers (id, user_id, billing_address) values (?, ?, '{"city": "Berlin"}')""", user);
        Rows.inserted("""
                insert into customer_tax_ids (id, customer_id, stripe_tax_id, type, value, verification, stripe_as_of)
                values (?, ?, ?, 'eu_vat', 'DE123456789', 'pending', now())""", customer, Rows.stripeId("txi"));
        String address = "select billing_address ->> 'city' from stripe_customers where id = '" + customer + "'";
        String number = "select value from customer_tax_ids where customer_id = '" + customer + "'";

        assertThat(Sql.column(Caller.user(user), address)).containsExactly("Berlin");
        assertThat(Sql.column(Caller.user(user), number)).containsExactly("DE123456789");
        assertThat(Sql.column(Caller.user(Rows.user()), address)).isEmpty();
        assertThat(Sql.column(Caller.user(Rows.user()), number)).isEmpty();
        try (Connection owner = Database.owner()) {
            for (String role : new String[] { "analyst", "analyst_personal" }) {
                for (String column : new String[] { "stripe_customers.billing_address", "stripe_customers.tax_exempt",
                        "customer_tax_ids.type", "customer_tax_ids.value", "customer_tax_ids.verification" }) {
                    String[] parts = column.split("\\.", -1);
                    assertThat(Sql.column(owner, "select has_column_privilege(?, ?, ?, 'select')", role, parts[0], parts[1]))
                            .containsExactly("f");
                }
            }
        }
        assertThat(Sql.column(Caller.admin(user), "select after ->> 'billing_address' from audit_log where row_id = ?",
                customer)).containsExactly("[personal]");
    }

    @Test
    void forgetsATaxIdThatWasRemoved() throws SQLException {
        UUID user = Rows.user();
        UUID customer = Rows.inserted("insert into stripe_customers (id, user_id) values (?, ?)", user);
        UUID taxId = Rows.inserted("""
                insert into customer_tax_ids (id, customer_id, stripe_tax_id, type, value, verification, stripe_as_of)
                values (?, ?, ?, 'eu_vat', 'DE123456789', 'pending', now())""", customer, Rows.stripeId("txi"));

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update customer_tax_ids set removed_at = now() where id = ?", taxId)))
                .isEqualTo("customer_tax_ids_forgotten");
        Sql.run(Caller.SERVICE, "update customer_tax_ids set removed_at = now(), value = null where id = ?", taxId);
        assertThat(Sql.column(Caller.user(user), "select type from customer_tax_ids")).isEmpty();
    }
}
