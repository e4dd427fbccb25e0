package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreditPackageRulesTest {

    @ParameterizedTest
    @CsvSource({ "amount = 33.01, credit_packages_worth", "credit_amount = 29.999999, credit_packages_worth",
            "amount = 29.999, credit_packages_amount_check", "amount = 29.9999, credit_packages_amount_check",
            "amount = 0, credit_packages_amount_check", "amount = -1, credit_packages_amount_check",
            "amount = 'NaN', credit_packages_worth", "currency = 'EUR', credit_packages_currency_check",
            "name = ' ', credit_packages_name_check",
            "product_status = 'synced', credit_packages_product",
            "product_attempt = 0, credit_packages_product_attempt_check" })
    void takesNoTermsThatCannotBeSold(String change, String wall) throws SQLException {
        UUID id = Rows.creditPackage("Pro");

        assertThat(Refusal.constraint(() -> Sql.run(Caller.admin(Rows.user()),
                "update credit_packages set " + change + " where id = ?", id))).isEqualTo(wall);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "stripe_product_id = 'price_1', product_status = 'synced'| credit_packages_stripe_product_id_check",
            "stripe_product_id = 'prod_1'| credit_packages_product",
            "stripe_product_id = 'prod_1', product_status = 'told'| credit_packages_product_status_check",
            "product_attempt = 0| credit_packages_product_attempt_check" })
    void takesNothingThatIsNoProduct(String change, String wall) throws SQLException {
        UUID id = Rows.creditPackage("Pro");

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update credit_packages set " + change + " where id = ?", id))).isEqualTo(wall);
    }

    @ParameterizedTest
    @CsvSource({ "app_admin, id = gen_random_uuid()", "app_admin, created_at = now()", "app_service, currency = 'EUR'",
            "app_service, credit_amount = 999", "app_service, amount = 1", "app_service, name = 'Other'",
            "app_service, is_active = false" })
    void changesNothingElse(String role, String change) throws SQLException {
        UUID id = Rows.creditPackage("Pro");

        assertThat(Refusal.state(() -> Sql.run(new Caller(role, Rows.user().toString()),
                "update credit_packages set " + change + " where id = ?", id))).isEqualTo(Refusal.MISSING_RIGHT);
    }

    @Test
    void insertsNothingThatIsNoPackage() throws SQLException {
        Caller admin = Caller.admin(Rows.user());
        String insert = "insert into credit_packages (name, amount, currency, credit_amount) values ('Pro', %s)";

        assertThat(Refusal.constraint(() -> Sql.run(admin, insert.formatted("30, 'USD', 29"))))
                .isEqualTo("credit_packages_worth");
        assertThat(Refusal.constraint(() -> Sql.run(admin, insert.formatted("30, 'EUR', 30"))))
                .isEqualTo("credit_packages_currency_check");
        assertThat(Refusal.constraint(() -> Sql.run(admin, insert.formatted("30.0001, 'USD', 33"))))
                .isEqualTo("credit_packages_amount_check");
    }

    @Test
    void deletesNoPackage() throws SQLException {
        UUID id = Rows.creditPackage("Pro");
        UUID user = Rows.user();

        for (Caller caller : List.of(Caller.user(user), Caller.admin(user), Caller.SERVICE, Caller.ANONYMOUS)) {
            assertThat(Refusal.state(() -> Sql.run(caller, "delete from credit_packages where id = ?", id)))
                    .isEqualTo(Refusal.MISSING_RIGHT);
            assertThat(Refusal.state(() -> Sql.run(caller, "truncate credit_packages"))).isEqualTo(Refusal.MISSING_RIGHT);
        }
    }

    @Test
    void letsAdministratorsAloneOfferAndChange() throws SQLException {
        UUID id = Rows.creditPackage("Pro");
        Caller user = Caller.user(Rows.user());
        String insert = "insert into credit_packages (name, amount, credit_amount) values ('Mine', 1, 99)";

        assertThat(Refusal.state(() -> Sql.run(user, insert))).isEqualTo(Refusal.MISSING_RIGHT);
        assertThat(Refusal.state(() -> Sql.run(Caller.SERVICE, insert))).isEqualTo(Refusal.MISSING_RIGHT);
        assertThat(Refusal.state(() -> Sql.run(user, "update credit_packages set credit_amount = 99 where id = ?", id)))
                .isEqualTo(Refusal.MISSING_RIGHT);
    }

    @Test
    void hidesWhatIsNotForSale() throws SQLException {
        UUID id = Rows.creditPackage("Pro");
        UUID user = Rows.user();

        Sql.run(Caller.admin(user), "update credit_packages set is_active = false where id = ?", id);

        assertThat(Sql.column(Caller.user(user), "select name from credit_packages where id = ?", id)).isEmpty();
        assertThat(Sql.column(Caller.admin(user), "select name from credit_packages where id = ?", id)).hasSize(1);
    }

    @Test
    void tellsAdministratorsOfTheirOwnChangesAlone() throws SQLException {
        UUID id = Rows.creditPackage("Pro");
        String at = "select updated_at from credit_packages where id = ?";
        String offered = Sql.value(Caller.SERVICE, at, id);

        Sql.run(Caller.SERVICE, "update credit_packages set stripe_product_id = ?, product_status = 'synced' where id = ?",
                Rows.stripeId("prod").replace("prod_", "prod_x"), id);
        String sold = Sql.value(Caller.SERVICE, at, id);
        Sql.run(Caller.admin(Rows.user()), "update credit_packages set sort_order = 3 where id = ?", id);

        assertThat(sold).isEqualTo(offered);
        assertThat(Sql.value(Caller.SERVICE, at, id)).isGreaterThan(offered);
    }
}
