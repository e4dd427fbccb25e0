package io.coachpay.sandbox;

import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * The steps of a subscription's life: a new period, an end, a change that is discarded. {@link SubscriptionAgenda} takes them
 * when their time has come, {@link SubscriptionPayments} when an invoice is paid or not.
 *
 * @see <a href="https://docs.stripe.com/billing/subscriptions/overview">Stripe: how subscriptions work</a>
 */
final class SubscriptionLife {

    /** Seconds that a first payment, a change or a resumption may wait to be paid. */
    static final long WAIT_SECONDS = 23 * 60 * 60;

    static final long WARNING_SECONDS = 3 * 24 * 60 * 60;
    private static final String SETTINGS = "billing";

    private final State state;
    private final VirtualClock clock;
    private final Events events;
    private final InvoiceLines lines;
    private final Invoices invoices;
    private final InvoiceEnds ends;
    private final Collection collection;

    SubscriptionLife(State state, VirtualClock clock, Events events, Customers customers, InvoiceLines lines,
            Invoices invoices, InvoiceEnds ends, Collection collection) {
        this.state = state;
        this.clock = clock;
        this.events = events;
        this.lines = lines;
        this.invoices = invoices;
        this.ends = ends;
        this.collection = collection;
        customers.afterDeletion((account, customer) -> state.all(account, "subscription").stream()
                .filter(each -> customer.equals(each.getString("customer")) && !SubscriptionObject.hasEnded(each))
                .forEach(each -> end(account, each, "cancellation_requested")));
    }

    /** The end that follows when all retries have failed: {@code cancel}, {@code unpaid} or {@code past_due}. */
    JsonObject afterRetries(@Nullable String wanted) {
        if (wanted != null && !List.of("cancel", "unpaid", "past_due").contains(wanted)) {
            throw StripeError.invalid("afterRetries must be cancel, unpaid or past_due", "afterRetries");
        }
        JsonObject settings = state.notes(SETTINGS);
        if (wanted != null) {
            settings.put("afterRetries", wanted);
        }
        return Json.object("afterRetries", settings.getString("afterRetries", "cancel"));
    }

    /** Puts what lies ahead into the agenda; whatever has become pointless by then does nothing. */
    void schedule(JsonObject subscription) {
        String id = subscription.getString("id");
        clock.schedule(SubscriptionObject.item(subscription).getLong("current_period_end"), "subscription.renews", id);
        if (subscription.getLong("cancel_at") != null) {
            clock.schedule(subscription.getLong("cancel_at"), "subscription.ends", id);
        }
        if (SubscriptionObject.is(subscription, "incomplete")) {
            clock.schedule(clock.seconds() + WAIT_SECONDS, "subscription.expires", id);
        }
        if (SubscriptionObject.is(subscription, "trialing")) {
            clock.schedule(Math.max(clock.seconds(), subscription.getLong("trial_end") - WARNING_SECONDS),
                    "subscription.warns", id);
        }
    }

    void change(String account, JsonObject subscription, Consumer<JsonObject> effect) {
        JsonObject before = subscription.copy();
        effect.accept(subscription);
        events.sendUpdate(account, "customer.subscription.updated", subscription, before);
    }

    /** Ends a subscription now; its open invoices are not collected any more. */
    void end(String account, JsonObject subscription, String reason) {
        discard(account, subscription, false);
        subscription.put("status", "canceled").put("ended_at", clock.seconds());
        if (subscription.getLong("canceled_at") == null) {
            subscription.put("canceled_at", clock.seconds());
        }
        subscription.getJsonObject("cancellation_details").put("reason", reason);
        events.send(account, "customer.subscription.deleted", subscription);
        for (JsonObject invoice : state.all(account, "invoice")) {
            boolean its = subscription.getString("id").equals(InvoiceObject.subscription(invoice));
            if (its && List.of("draft", "open").contains(invoice.getString("status"))) {
                ends.stop(account, invoice);
            }
        }
    }

    /** Ends one whose first payment was not made. */
    void expire(String account, JsonObject subscription) {
        change(account, subscription, it -> it.put("status", "incomplete_expired").put("ended_at", clock.seconds()));
    }

    /** Bills a new period from now on, because the subscription was paused. */
    void resume(String account, JsonObject subscription) {
        JsonObject invoice = newPeriod(account, subscription, clock.seconds(), "subscription_update");
        state.notes(subscription.getString("id")).put("resuming", invoice.getString("id"));
        clock.schedule(clock.seconds() + WAIT_SECONDS, "subscription.expires", subscription.getString("id"));
        events.send(account, "invoice.created", invoice);
        collection.start(account, invoice, true);
    }

    /** Begins a period, with a draft that asks for it; one that does not begin when the last one ended moves the anchor. */
    JsonObject newPeriod(String account, JsonObject subscription, long start, String reason) {
        JsonObject item = SubscriptionObject.item(subscription);
        long earlier = item.getLong("current_period_start");
        boolean moved = start != item.getLong("current_period_end");
        if (moved) {
            subscription.put("billing_cycle_anchor", start);
        }
        long end = Periods.end(subscription.getLong("billing_cycle_anchor"), start, SubscriptionObject.recurring(subscription));
        item.put("current_period_start", start).put("current_period_end", end);
        JsonObject invoice = invoices.draft(account, subscription, reason,
                List.of(lines.period(subscription, item, start, end)), null);
        invoice.put("period_start", moved ? start : earlier).put("period_end", start);
        lines.remember(subscription, invoice);
        subscription.put("latest_invoice", invoice.getString("id"));
        clock.schedule(end, "subscription.renews", subscription.getString("id"));
        return invoice;
    }

    /** Discards a change that was not paid in time, or was overtaken; its invoice is voided. */
    void discard(String account, JsonObject subscription, boolean told) {
        JsonObject pending = (JsonObject) state.notes(subscription.getString("id")).remove("pending");
        if (pending == null) {
            return;
        }
        change(account, subscription, it -> it.put("pending_update", null));
        if (told) {
            events.send(account, "customer.subscription.pending_update_expired", subscription);
        }
        JsonObject invoice = state.get(account, "invoice", pending.getString("invoice"));
        if (Collection.payable(invoice) && !ends.isUnderWay(account, invoice)) {
            ends.voidIt(account, invoice);
        }
    }
}
