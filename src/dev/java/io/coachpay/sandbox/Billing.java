package io.coachpay.sandbox;

import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/** The parts of Stripe Billing, put together. */
final class Billing {

    private final CustomerBalance balance;
    private final InvoicePayments payments;
    private final Collection collection;
    private final SubscriptionLife life;
    private final Subscriptions subscriptions;
    private final SubscriptionChanges changes;
    private final CreditNotes creditNotes;
    private final List<Consumer<Api>> routes;

    Billing(State state, Ids ids, VirtualClock clock, Events events, Customers customers, Prices prices,
            PaymentIntents intents, Confirmation confirmation, Refunds refunds, String base) {
        balance = new CustomerBalance(state, ids, clock, customers);
        payments = new InvoicePayments(state, ids, clock, events);
        Finalization finalization = new Finalization(state, ids, clock, events, customers, balance, intents, payments, base);
        collection = new Collection(state, clock, events, customers, intents, confirmation, payments, finalization);
        Invoices invoices = new Invoices(state, ids, clock, events, customers, balance, collection, finalization);
        InvoiceLines lines = new InvoiceLines(state, ids);
        life = new SubscriptionLife(state, clock, events, customers, lines, invoices, collection, balance);
        subscriptions = new Subscriptions(state, ids, clock, events, customers, prices, lines, invoices, finalization,
                collection, life);
        changes = new SubscriptionChanges(state, clock, events, customers, prices, lines, invoices, collection, life);
        Previews previews = new Previews(state, clock, customers, lines, changes);
        creditNotes = new CreditNotes(state, ids, clock, events, balance, collection, payments, refunds, base);
        TaxIds taxIds = new TaxIds(state, ids, clock, events, customers);
        routes = List.of(prices::routes, creditNotes::routes, taxIds::routes, balance::routes, payments::routes, invoices::routes, subscriptions::routes,
                changes::routes, previews::routes);
    }

    void routes(Api api) {
        routes.forEach(noun -> noun.accept(api));
    }

    /** What an invoice shows only when it is asked to: its payments, and the secret by which a page pays it. */
    @Nullable
    JsonObject included(String account, JsonObject invoice, String field) {
        return switch (field) {
            case "payments" -> payments.listOf(account, invoice);
            case "confirmation_secret" -> {
                JsonObject intent = payments.intent(account, invoice);
                yield intent == null ? Expansion.NOTHING
                        : Json.object("client_secret", intent.getString("client_secret"), "type", "payment_intent");
            }
            default -> null;
        };
    }

    CustomerBalance balance() {
        return balance;
    }

    Collection collection() {
        return collection;
    }

    InvoicePayments payments() {
        return payments;
    }

    CreditNotes creditNotes() {
        return creditNotes;
    }

    SubscriptionLife life() {
        return life;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    SubscriptionChanges changes() {
        return changes;
    }
}
