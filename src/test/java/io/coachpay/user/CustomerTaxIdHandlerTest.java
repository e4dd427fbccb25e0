package io.coachpay.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.Undone;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.SomeEvent;

/** Events about tax ids come in any order, and end with what Stripe has. */
@ServiceTest
class CustomerTaxIdHandlerTest {

    @Inject
    Undone undone;
    @Inject
    CustomerTaxIdHandler handler;

    private String customer;
    private String taxId;
    private Instant now;

    @BeforeEach
    void makeACustomer() {
        now = undone.now();
        UUID row = UUID.randomUUID();
        customer = "cus_" + row.toString().replace("-", "");
        taxId = customer.replace("cus_", "txi_");
        OwnerSql.run("""
                insert into stripe_customers (id, user_id, stripe_customer_id, sync_status)
                values (?, ?::uuid, ?, 'synced')""", row, Person.called("taxed-" + row).id(), customer);
    }

    @Test
    void mirrorsTheLatestVerification() {
        undone.run(() -> {
            apply("created", "pending", now);
            apply("updated", "verified", now);
            assertThat(known()).isEqualTo("DE123456789 verified");
            apply("created", "pending", now);
            apply("updated", "unverified", now.minusSeconds(5));
            assertThat(known()).isEqualTo("DE123456789 verified");
            apply("updated", "unverified", now.plusSeconds(5));

            assertThat(known()).isEqualTo("DE123456789 unverified");
        });
    }

    @Test
    void forgetsARemovedOneForGood() {
        undone.run(() -> {
            apply("deleted", "verified", now.plusSeconds(9));
            apply("created", "pending", now);
            apply("updated", "verified", now.plusSeconds(60));

            assertThat(known()).isEqualTo("- verified");
        });
    }

    @Test
    void waitsForItsCustomerAndLeavesOnesThatAreGone() {
        undone.run(() -> {
            apply("created", "pending", now);
            undone.change("update stripe_customers set stripe_customer_id = 'cus_other', sync_status = 'pending' where"
                    + " stripe_customer_id = ?", customer);
            assertThatThrownBy(() -> apply("updated", "verified", now)).isInstanceOf(MissingParent.class);
        });
        undone.run(() -> {
            undone.change("update stripe_customers set sync_status = 'missing' where stripe_customer_id = ?", customer);
            apply("created", "pending", now);

            assertThat(undone.texts("select value from customer_tax_ids where stripe_tax_id = ?", taxId)).isEmpty();
        });
    }

    /** The account's own number is nobody's here. */
    @Test
    void leavesTheAccountsOwn() {
        undone.run(() -> handler.apply(event("created", "null", "pending", now), Fetched.nothing()));
    }

    private void apply(String type, String verification, Instant at) {
        handler.apply(event(type, "\"" + customer + "\"", verification, at), Fetched.nothing());
    }

    private Event event(String type, String whose, String verification, Instant at) {
        return SomeEvent.platform("customer.tax_id." + type, at, """
                {"id": "%s", "object": "tax_id", "customer": %s, "type": "eu_vat", "value": "DE123456789", "created": 1,
                 "verification": {"status": "%s"}}""".formatted(taxId, whose, verification));
    }

    private String known() {
        return undone.texts("select value, verification from customer_tax_ids where stripe_tax_id = ?", taxId).get(0);
    }
}
