package io.coachpay.balance;

import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;
import io.coachpay.refund.RefundBooks;
import io.coachpay.transfer.TransferRequestBooks;

/**
 * Applies two events: funds of an account have become available, or the platform's balance was topped up. Its books are
 * imported soon, and work that waits for that money, on the platform's or a coach's account, is due at once.
 */
@ApplicationScoped
class BalanceHandler implements EventHandler {

    private final BalanceImports imports;
    private final TransferRequestBooks steps;
    private final RefundBooks refunds;

    BalanceHandler(BalanceImports imports, TransferRequestBooks steps, RefundBooks refunds) {
        this.imports = imports;
        this.steps = steps;
        this.refunds = refunds;
    }

    @Override
    public Set<String> types() {
        return Set.of("balance.available", "topup.succeeded");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM, Endpoint.CONNECT);
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        imports.request(event.account());
        steps.fundsArrived(event.account());
        refunds.fundsArrived(event.account());
    }
}
