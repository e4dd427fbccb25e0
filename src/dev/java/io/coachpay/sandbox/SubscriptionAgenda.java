package io.coachpay.sandbox;

import io.vertx.core.json.JsonObject;

/** The work of time on subscriptions: trials end, periods are billed, what was not paid runs out. */
final class SubscriptionAgenda {

    private final State state;
    private final VirtualClock clock;
    private final Events events;
    private final Invoices invoices;
    private final Collection collection;
    private final InvoiceEnds ends;
    private final SubscriptionLife life;

    private interface Due {
        void comes(String account, JsonObject subscription);
    }

    SubscriptionAgenda(State state, VirtualClock clock, Events events, Invoices invoices, Collection collection,
            InvoiceEnds ends, SubscriptionLife life) {
        this.state = state;
        this.clock = clock;
        this.events = events;
        this.invoices = invoices;
        this.collection = collection;
        this.ends = ends;
        this.life = life;
        define("subscription.renews", this::renew);
        define("subscription.ends", this::end);
        define("subscription.expires", this::expire);
        define("subscription.warns", this::warn);
        define("subscription.collects", this::collect);
    }

    private void define(String action, Due due) {
        clock.define(action, id -> {
            String account = state.owner(id);
            JsonObject subscription = account == null ? null : state.find(account, "subscription", id);
            if (account != null && subscription != null) {
                due.comes(account, subscription);
            }
        });
    }

    private void renew(String account, JsonObject subscription) {
        long end = SubscriptionObject.item(subscription).getLong("current_period_end");
        if (end > clock.seconds() || !SubscriptionObject.is(subscription, "active", "past_due", "trialing", "unpaid")) {
            return;
        }
        end(account, subscription);
        if (SubscriptionObject.hasEnded(subscription)) {
            return;
        }
        life.discard(account, subscription, true);
        boolean trial = SubscriptionObject.is(subscription, "trialing");
        if (trial && !collection.canPay(account, subscription) && endWithoutMethod(account, subscription)) {
            return;
        }
        JsonObject before = subscription.copy();
        if (trial) {
            subscription.put("status", "active");
        }
        JsonObject invoice = life.newPeriod(account, subscription, end, "subscription_cycle");
        if (SubscriptionObject.is(subscription, "unpaid") || keepsDrafts(subscription)) {
            invoice.put("auto_advance", false);
        } else {
            invoices.finalizeLater(invoice);
        }
        events.sendUpdate(account, "customer.subscription.updated", subscription, before);
        events.send(account, "invoice.created", invoice);
    }

    private static boolean keepsDrafts(JsonObject subscription) {
        JsonObject paused = subscription.getJsonObject("pause_collection");
        return paused != null && paused.getString("behavior").equals("keep_as_draft");
    }

    /** A trial is over and nothing can be charged: returns whether the subscription stops here. */
    private boolean endWithoutMethod(String account, JsonObject subscription) {
        String behavior = subscription.getJsonObject("trial_settings").getJsonObject("end_behavior")
                .getString("missing_payment_method");
        if (behavior.equals("cancel")) {
            life.end(account, subscription, "payment_failed");
        } else if (behavior.equals("pause")) {
            life.change(account, subscription, it -> it.put("status", "paused"));
            events.send(account, "customer.subscription.paused", subscription);
        }
        return !behavior.equals("create_invoice");
    }

    private void end(String account, JsonObject subscription) {
        Long at = subscription.getLong("cancel_at");
        if (at != null && at <= clock.seconds() && !SubscriptionObject.hasEnded(subscription)) {
            life.end(account, subscription, "cancellation_requested");
        }
    }

    private void expire(String account, JsonObject subscription) {
        JsonObject notes = state.notes(subscription.getString("id"));
        JsonObject pending = notes.getJsonObject("pending");
        if (pending != null && pending.getLong("expires_at") <= clock.seconds()) {
            life.discard(account, subscription, true);
        }
        if (SubscriptionObject.is(subscription, "incomplete") && hasWaited(subscription)) {
            JsonObject invoice = state.get(account, "invoice", subscription.getString("latest_invoice"));
            if (ends.isUnderWay(account, invoice)) {
                clock.schedule(clock.seconds() + 60 * 60, "subscription.expires", subscription.getString("id"));
                return;
            }
            life.expire(account, subscription);
            ends.voidIt(account, invoice);
        }
        String resuming = notes.getString("resuming");
        JsonObject invoice = resuming == null ? null : state.get(account, "invoice", resuming);
        if (invoice != null && hasWaited(invoice)) {
            notes.remove("resuming");
            ends.voidIt(account, invoice);
        }
    }

    private boolean hasWaited(JsonObject object) {
        return object.getLong("created") + SubscriptionLife.WAIT_SECONDS <= clock.seconds();
    }

    private void warn(String account, JsonObject subscription) {
        Long end = subscription.getLong("trial_end");
        JsonObject notes = state.notes(subscription.getString("id"));
        if (SubscriptionObject.is(subscription, "trialing") && end != null
                && end - SubscriptionLife.WARNING_SECONDS <= clock.seconds() && !end.equals(notes.getLong("warned"))) {
            notes.put("warned", end);
            events.send(account, "customer.subscription.trial_will_end", subscription);
        }
    }

    private void collect(String account, JsonObject subscription) {
        JsonObject paused = subscription.getJsonObject("pause_collection");
        Long until = paused == null ? null : paused.getLong("resumes_at");
        if (until != null && until <= clock.seconds()) {
            life.change(account, subscription, it -> it.put("pause_collection", null));
        }
    }
}
