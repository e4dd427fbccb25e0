package io.coachpay.payment;

import java.time.Clock;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.access.Rows;
import io.coachpay.http.ClientAddress;

/**
 * Keeps where payments were opened from. A card that is refused in a form or on Stripe's page is reported by Stripe, which does
 * not say where its payer is; the refusal counts for the address that opened the payment.
 */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
class PaymentAddressBooks {

    private static final String NOTE = """
            insert into payment_addresses (id, transaction_id, client_address, created_at) values (?, ?, ?, ?)
                on conflict (transaction_id) do nothing""";
    private static final String OPENED = "select client_address from payment_addresses where transaction_id = ?";

    private final Rows rows;
    private final ClientAddress client;
    private final Clock clock;

    PaymentAddressBooks(DataSource database, ClientAddress client, Clock clock) {
        this.rows = new Rows(database);
        this.client = client;
        this.clock = clock;
    }

    /** Notes that the present request opens a payment; the first address counts. */
    void opened(UUID payment) {
        opened(payment, client.ofCaller());
    }

    /** Notes where a payment is opened from, if that is known. */
    void opened(UUID payment, @Nullable String address) {
        if (address != null) {
            rows.update(NOTE, Ids.next(), payment, address, clock.instant());
        }
    }

    /** The address that opened a payment; null where it is unknown, or forgotten. */
    @Nullable
    String of(UUID payment) {
        return rows.query(OPENED, row -> row.getString("client_address"), payment).stream().findFirst().orElse(null);
    }
}
