package io.coachpay.reconciliation;

import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;

/** Funds of an account have become available: its books are imported soon. */
@ApplicationScoped
class BalanceHandler implements EventHandler {

    private final BalanceImports imports;

    BalanceHandler(BalanceImports imports) {
        this.imports = imports;
    }

    @Override
    public Set<String> types() {
        return Set.of("balance.available");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM, Endpoint.CONNECT);
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        imports.request(event.account());
    }
}
