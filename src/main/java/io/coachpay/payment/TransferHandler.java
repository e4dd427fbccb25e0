package io.coachpay.payment;

import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.stripe.StripeTransfer;

/**
 * The transfer that a destination charge made: noted for the id of the payment on the coach's side, which is what balance
 * transactions there name.
 */
@ApplicationScoped
class TransferHandler implements EventHandler {

    private static final String ACCOUNT = "select id from stripe_connected_accounts where stripe_account_id = ?1";

    private final EntityManager entities;
    private final Clock clock;

    TransferHandler(EntityManager entities, Clock clock) {
        this.entities = entities;
        this.clock = clock;
    }

    @Override
    public Set<String> types() {
        return Set.of("transfer.created", "transfer.updated");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        StripeTransfer transfer = StripeTransfer.from(event.object());
        String charge = transfer.sourceChargeId();
        if (charge == null) {
            return;
        }
        Transaction transaction = Transaction.locked(transfer.transferGroup(), null)
                .or(() -> Transaction.lockedByCharge(charge))
                .orElseThrow(() -> new MissingParent("transaction of " + transfer.id()));
        if (Transfer.byStripeId(transfer.id()).isEmpty()) {
            Transfer.ofPayment(transaction, account(transfer), transfer, clock.instant()).persist();
        }
    }

    private UUID account(StripeTransfer transfer) {
        Optional<?> account = entities.createNativeQuery(ACCOUNT, UUID.class).setParameter(1, transfer.destinationId())
                .getResultStream().findFirst();
        return (UUID) account.orElseThrow(() -> new MissingParent("connected account of " + transfer.id()));
    }
}
