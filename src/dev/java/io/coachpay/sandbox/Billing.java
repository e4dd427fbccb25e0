package io.coachpay.sandbox;

import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/** The parts of Stripe Billing, put together. */
final class Billing {

    private final InvoicePayments payments;
    private final Collection collection;
    private final InvoiceEnds ends;
    private final SubscriptionLife life;
    private final Subscriptions subscriptions;
    private final SubscriptionChanges changes;
    private final CreditNotes creditNotes;
    private final PortalConfigurations configurations;
    private final Portal portal;
    private final List<Consumer<Api>> routes;

    Billing(State state, Ids ids, VirtualClock clock, Events events, Customers customers, PaymentMethods methods, Prices prices,
            PaymentIntents intents, Confirmation confirmation, Refunds refunds, String base) {
        CustomerBalance balance = new CustomerBalance(state, ids, clock, customers);
        payments = new InvoicePayments(state, ids, clock, events);
        Finalization finalization = new Finalization(state, ids, clock, events, customers, balance, intents, payments, base);
        collection = new Collection(state, clock, events, customers, confirmation, payments, finalization);
        ends = new InvoiceEnds(state, clock, events, intents, balance, payments, collection);
        Invoices invoices = new Invoices(state, ids, clock, events, customers, collection, ends, finalization);
        InvoiceLines lines = new InvoiceLines(state, ids);
        life = new SubscriptionLife(state, clock, events, customers, lines, invoices, ends, collection);
        new SubscriptionAgenda(state, clock, events, invoices, collection, ends, life);
        new SubscriptionPayments(state, events, lines, collection, life);
        subscriptions = new Subscriptions(state, ids, clock, events, customers, prices, lines, invoices, finalization,
                collection, life);
        SubscriptionWishes wishes = new SubscriptionWishes(clock, prices, lines);
        changes = new SubscriptionChanges(state, clock, events, customers, wishes, lines, invoices, collection, life);
        Previews previews = new Previews(state, clock, customers, lines, wishes);
        creditNotes = new CreditNotes(state, ids, clock, events, balance, collection, ends, payments, refunds, base);
        TaxIds taxIds = new TaxIds(state, ids, clock, events, customers);
        configurations = new PortalConfigurations(state, ids, clock, events);
        PortalSessions visits = new PortalSessions(state, ids, clock, events, customers, configurations, base);
        portal = new Portal(state, clock, customers, methods, changes, life, configurations);
        routes = List.of(prices::routes, configurations::routes, visits::routes, creditNotes::routes, taxIds::routes,
                balance::routes, payments::routes, invoices::routes, subscriptions::routes,
                changes::routes, previews::routes);
    }

    void routes(Api api) {
        routes.forEach(noun -> noun.accept(api));
    }

    /**
     * Fields that an object shows only when it is asked to: an invoice's payments and the secret by which a page pays it, a
     * configuration's products.
     */
    @Nullable
    Object included(String account, JsonObject object, String field) {
        return switch (object.getString("object") + " " + field) {
            case "billing_portal.configuration features.subscription_update.products" -> configurations.products(object).copy();
            case "invoice payments" -> payments.listOf(account, object);
            case "invoice confirmation_secret" -> {
                JsonObject intent = payments.intent(account, object);
                yield intent == null ? Expansion.NOTHING
                        : Json.object("client_secret", intent.getString("client_secret"), "type", "payment_intent");
            }
            default -> null;
        };
    }

    InvoiceEnds ends() {
        return ends;
    }

    Collection collection() {
        return collection;
    }

    InvoicePayments payments() {
        return payments;
    }

    Portal portal() {
        return portal;
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
