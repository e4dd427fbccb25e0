package io.coachpay.sandbox;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/** Lets subscriptions follow their invoices: active when paid, past due when not, ended when nothing helps. */
final class SubscriptionPayments implements Collection.Follower {

    private final State state;
    private final Events events;
    private final InvoiceLines lines;
    private final Collection collection;
    private final SubscriptionLife life;

    SubscriptionPayments(State state, Events events, InvoiceLines lines, Collection collection, SubscriptionLife life) {
        this.state = state;
        this.events = events;
        this.lines = lines;
        this.collection = collection;
        this.life = life;
        collection.follow(this);
    }

    @Override
    public void paid(String account, JsonObject invoice) {
        JsonObject subscription = of(account, invoice);
        if (subscription == null) {
            return;
        }
        if (isPending(subscription, invoice)) {
            applyPending(account, subscription, invoice);
        }
        JsonObject notes = state.notes(subscription.getString("id"));
        boolean resumed = SubscriptionObject.is(subscription, "paused")
                && invoice.getString("id").equals(notes.getString("resuming"));
        if (resumed || SubscriptionObject.is(subscription, "incomplete")
                || (SubscriptionObject.is(subscription, "past_due", "unpaid") && isLatest(subscription, invoice))) {
            life.change(account, subscription, it -> it.put("status", "active"));
        }
        if (resumed) {
            notes.remove("resuming");
            events.send(account, "customer.subscription.resumed", subscription);
        }
        saveDefault(account, subscription, invoice);
    }

    private void applyPending(String account, JsonObject subscription, JsonObject invoice) {
        JsonObject pending = (JsonObject) state.notes(subscription.getString("id")).remove("pending");
        life.change(account, subscription,
                it -> SubscriptionChanges
                        .put(it, pending.getJsonObject("item"), pending.getBoolean("endsTrial")).put("pending_update", null));
        lines.remember(subscription, invoice);
        life.schedule(subscription);
        if (pending.getBoolean("waited", false)) {
            events.send(account, "customer.subscription.pending_update_applied", subscription);
        }
    }

    private void saveDefault(String account, JsonObject subscription, JsonObject invoice) {
        boolean saves = "on_subscription"
                .equals(subscription.getJsonObject("payment_settings").getString("save_default_payment_method"));
        String method = collection.methodOf(account, invoice);
        if (saves && method != null) {
            life.change(account, subscription, it -> it.put("default_payment_method", method));
        }
    }

    @Override
    public void failed(String account, JsonObject invoice) {
        JsonObject subscription = of(account, invoice);
        if (subscription == null || isPending(subscription, invoice)) {
            return;
        }
        if (SubscriptionObject.is(subscription, "active", "trialing") && isLatest(subscription, invoice)) {
            life.change(account, subscription, it -> it.put("status", "past_due"));
        }
        boolean last = retries(account, invoice) && invoice.getLong("next_payment_attempt") == null;
        if (!last || !SubscriptionObject.is(subscription, "past_due")) {
            return;
        }
        String end = life.afterRetries(null).getString("afterRetries");
        if (end.equals("cancel")) {
            life.end(account, subscription, "payment_failed");
        } else if (end.equals("unpaid")) {
            life.change(account, subscription, it -> it.put("status", "unpaid"));
        }
    }

    @Override
    public void closed(String account, JsonObject invoice) {
        JsonObject subscription = of(account, invoice);
        if (subscription == null) {
            return;
        }
        if (isPending(subscription, invoice)) {
            life.discard(account, subscription, false);
        } else if (SubscriptionObject.is(subscription, "incomplete") && "void".equals(invoice.getString("status"))) {
            life.expire(account, subscription);
        } else if (SubscriptionObject.is(subscription, "past_due") && isLatest(subscription, invoice)) {
            life.change(account, subscription, it -> it.put("status", "active"));
        }
    }

    @Override
    public boolean retries(String account, JsonObject invoice) {
        JsonObject subscription = of(account, invoice);
        return subscription != null && !"subscription_create".equals(invoice.getString("billing_reason"))
                && !isPending(subscription, invoice) && !SubscriptionObject.is(subscription, "paused")
                && !SubscriptionObject.hasEnded(subscription);
    }

    private boolean isPending(JsonObject subscription, JsonObject invoice) {
        JsonObject pending = state.notes(subscription.getString("id")).getJsonObject("pending");
        return pending != null && invoice.getString("id").equals(pending.getString("invoice"));
    }

    private static boolean isLatest(JsonObject subscription, JsonObject invoice) {
        return invoice.getString("id").equals(subscription.getString("latest_invoice"));
    }

    private @Nullable JsonObject of(String account, JsonObject invoice) {
        String id = InvoiceObject.subscription(invoice);
        return id == null ? null : state.find(account, "subscription", id);
    }
}
