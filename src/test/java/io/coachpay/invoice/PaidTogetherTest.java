package io.coachpay.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.coachpay.Crossed;
import io.coachpay.Json;
import io.coachpay.OwnWorld;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.StripeSandbox;
import io.coachpay.payment.Origin;
import io.coachpay.payment.TransactionBooks;
import io.coachpay.stripe.StripePaymentIntent;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** Two payments of one invoice that are booked at the same moment: together they have its tax, to the cent. */
@QuarkusTest
@TestProfile(PaidTogetherTest.Alone.class)
class PaidTogetherTest {

    @Inject
    Crossed crossed;
    @Inject
    TransactionBooks payments;

    private final UUID invoice = UUID.randomUUID();
    private final String mark = invoice.toString().replace("-", "");
    private UUID user;
    private Instant now;

    @ParameterizedTest
    @CsvSource({ "9.50, 9.50", "19.00, 19.00" })
    void shareItsTax(String first, String second) {
        now = StripeSandbox.now();
        user = UUID.fromString(Person.called("twice-" + invoice).id());
        OwnerSql.run(
                """
                        insert into invoices (id, user_id, stripe_invoice_id, stripe_customer_id, status, amount, currency, tax, amount_due,
                          issued_at)
                        values (?, ?, ?, 'cus_1', 'open', 19, 'USD', 1.73, 19, ?::timestamptz)""",
                invoice, user, "in_" + mark,
                now.toString());
        isPaidBy(1, first);
        isPaidBy(2, second);

        crossed.run(() -> succeeds(1, first), () -> succeeds(2, second), () -> {
        });

        assertThat(OwnerSql.rows("select sum(tax) as tax from invoice_payments where invoice_id = ? and booked", invoice).get(0)
                .get("tax")).isEqualTo(new BigDecimal("1.7300"));
    }

    private void isPaidBy(int number, String amount) {
        UUID payment = UUID.randomUUID();
        OwnerSql.run("""
                insert into transactions (id, type, method, amount, currency, payer_id, stripe_payment_intent_id)
                values (?, 'subscription_payment', 'invoice', ?, 'USD', ?, ?)""", payment, new BigDecimal(amount), user,
                "pi_" + number + mark);
        OwnerSql.run("""
                insert into invoice_payments (id, invoice_id, stripe_invoice_payment_id, type, stripe_payment_intent_id, amount,
                  currency, status, transaction_id)
                values (gen_random_uuid(), ?, ?, 'payment_intent', ?, ?, 'USD', 'open', ?)""", invoice,
                "inpay_" + number + mark, "pi_" + number + mark, new BigDecimal(amount), payment);
    }

    private void succeeds(int number, String amount) {
        long cents = new BigDecimal(amount).movePointRight(2).longValueExact();
        payments.apply(
                StripePaymentIntent.from(Json
                        .read("""
                                {"id": "pi_%1$d%2$s", "object": "payment_intent", "status": "succeeded", "amount": %3$d, "amount_received": %3$d,
                                 "currency": "usd", "customer": "cus_1", "latest_charge": "ch_%1$d%2$s", "payment_method_types": ["card"],
                                 "metadata": {}, "created": %4$d}"""
                                .formatted(number, mark, cents, now.getEpochSecond()))),
                Origin.own("test"),
                now);
    }

    /** Nobody compares these books with Stripe's. */
    public static class Alone extends OwnWorld {

        public Alone() {
            super("paid_together");
        }
    }
}
