package io.coachpay.sandbox;

import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Takes subscriptions through time: trials end, periods are billed, first payments run out of time; and follows what becomes of
 * their invoices.
 *
 * @see <a href="https://docs.stripe.com/billing/subscriptions/overview">Stripe: how subscriptions work</a>
 */
final class SubscriptionLife implements Collection.Follower {

    /** Seconds that a first payment, a change or a resumption may wait to be paid. */
    static final long WAIT_SECONDS = 23 * 60 * 60;

    private static final long WARNING_SECONDS = 3 * 24 * 60 * 60;
    private static final String SETTINGS = "billing";

    private final State state;
    private final VirtualClock clock;
    private final Events events;
    private final InvoiceLines lines;
    private final Invoices invoices;
    private final Collection collection;
    private final CustomerBalance balance;

    SubscriptionLife(State state, VirtualClock clock, Events events, Customers customers, InvoiceLines lines,
            Invoices invoices, Collection collection, CustomerBalance balance) {
        this.state = state;
        this.clock = clock;
        this.events = events;
        this.lines = lines;
        this.invoices = invoices;
        this.collection = collection;
        this.balance = balance;
        collection.follow(this);
        customers.follow(this::customerDeleted);
        clock.define("subscription.renews", id -> at(id, this::renewDue));
        clock.define("subscription.ends", id -> at(id, this::endDue));
        clock.define("subscription.expires", id -> at(id, this::expireDue));
        clock.define("subscription.warns", id -> at(id, this::warnDue));
        clock.define("subscription.collects", id -> at(id, this::collectDue));
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
        for (JsonObject invoice : invoicesOf(account, subscription)) {
            if (List.of("draft", "open").contains(invoice.getString("status"))) {
                collection.stop(account, invoice);
            }
        }
    }

    /** Bills a new period from now on, because the subscription was paused. */
    void resume(String account, JsonObject subscription) {
        JsonObject invoice = newPeriod(account, subscription, clock.seconds(), "subscription_update", true);
        state.notes(subscription.getString("id")).put("resuming", invoice.getString("id"));
        clock.schedule(clock.seconds() + WAIT_SECONDS, "subscription.expires", subscription.getString("id"));
        collection.start(account, invoice, true);
    }

    /** Ends a trial now: the first period begins, and is charged at once. */
    void endTrial(String account, JsonObject subscription) {
        JsonObject before = subscription.copy();
        subscription.put("status", "active").put("trial_end", clock.seconds());
        JsonObject invoice = newPeriod(account, subscription, clock.seconds(), "subscription_update", true);
        events.sendUpdate(account, "customer.subscription.updated", subscription, before);
        collection.start(account, invoice, true);
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
        if (Collection.payable(invoice)) {
            collection.voidIt(account, invoice, balance);
        }
    }

    @Override
    public void paid(String account, JsonObject invoice) {
        JsonObject subscription = of(account, invoice);
        if (subscription == null) {
            return;
        }
        JsonObject notes = state.notes(subscription.getString("id"));
        JsonObject pending = notes.getJsonObject("pending");
        String id = invoice.getString("id");
        if (pending != null && id.equals(pending.getString("invoice"))) {
            notes.remove("pending");
            change(account, subscription, it -> SubscriptionChanges.put(it, pending.getJsonObject("item"))
                    .put("pending_update", null));
            lines.remember(subscription, invoice);
            if (pending.getBoolean("waited", false)) {
                events.send(account, "customer.subscription.pending_update_applied", subscription);
            }
            schedule(subscription);
        }
        boolean resumed = SubscriptionObject.is(subscription, "paused") && id.equals(notes.getString("resuming"));
        if (resumed || SubscriptionObject.is(subscription, "incomplete")
                || SubscriptionObject.is(subscription, "past_due", "unpaid") && isLatest(subscription, invoice)) {
            change(account, subscription, it -> it.put("status", "active"));
        }
        if (resumed) {
            notes.remove("resuming");
            events.send(account, "customer.subscription.resumed", subscription);
        }
        saveDefault(account, subscription, invoice);
    }

    private void saveDefault(String account, JsonObject subscription, JsonObject invoice) {
        boolean saves = "on_subscription"
                .equals(subscription.getJsonObject("payment_settings").getString("save_default_payment_method"));
        String method = collection.methodOf(account, invoice);
        if (saves && method != null) {
            change(account, subscription, it -> it.put("default_payment_method", method));
        }
    }

    @Override
    public void failed(String account, JsonObject invoice) {
        JsonObject subscription = of(account, invoice);
        if (subscription == null || isPending(subscription, invoice)) {
            return;
        }
        if (SubscriptionObject.is(subscription, "active", "trialing") && isLatest(subscription, invoice)) {
            change(account, subscription, it -> it.put("status", "past_due"));
        }
        boolean last = retries(account, invoice) && invoice.getLong("next_payment_attempt") == null;
        if (last && SubscriptionObject.is(subscription, "past_due")) {
            switch (afterRetries(null).getString("afterRetries")) {
                case "cancel" -> end(account, subscription, "payment_failed");
                case "unpaid" -> change(account, subscription, it -> it.put("status", "unpaid"));
                default -> {
                    // stays past due
                }
            }
        }
    }

    @Override
    public void closed(String account, JsonObject invoice) {
        JsonObject subscription = of(account, invoice);
        if (subscription == null) {
            return;
        }
        if (isPending(subscription, invoice)) {
            discard(account, subscription, false);
        } else if (SubscriptionObject.is(subscription, "incomplete") && "void".equals(invoice.getString("status"))) {
            expire(account, subscription);
        } else if (SubscriptionObject.is(subscription, "past_due") && isLatest(subscription, invoice)) {
            change(account, subscription, it -> it.put("status", "active"));
        }
    }

    @Override
    public boolean retries(String account, JsonObject invoice) {
        JsonObject subscription = of(account, invoice);
        return subscription != null && !"subscription_create".equals(invoice.getString("billing_reason"))
                && !isPending(subscription, invoice) && !SubscriptionObject.is(subscription, "paused")
                && !SubscriptionObject.hasEnded(subscription);
    }

    private void renewDue(String account, JsonObject subscription) {
        long end = SubscriptionObject.item(subscription).getLong("current_period_end");
        if (end > clock.seconds() || !SubscriptionObject.is(subscription, "active", "past_due", "trialing", "unpaid")) {
            return;
        }
        endDue(account, subscription);
        if (SubscriptionObject.hasEnded(subscription)) {
            return;
        }
        discard(account, subscription, true);
        boolean trial = SubscriptionObject.is(subscription, "trialing");
        if (trial && !collection.canPay(account, subscription) && endWithoutMethod(account, subscription)) {
            return;
        }
        JsonObject before = subscription.copy();
        if (trial) {
            subscription.put("status", "active");
        }
        JsonObject invoice = newPeriod(account, subscription, end, "subscription_cycle", false);
        if (SubscriptionObject.is(subscription, "unpaid") || keepsDrafts(subscription)) {
            invoice.put("auto_advance", false);
        } else {
            invoices.finalizeLater(invoice);
        }
        events.sendUpdate(account, "customer.subscription.updated", subscription, before);
        events.send(account, "invoice.created", invoice);
    }

    private JsonObject newPeriod(String account, JsonObject subscription, long start, String reason, boolean told) {
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
        if (told) {
            events.send(account, "invoice.created", invoice);
        }
        return invoice;
    }

    /** A trial is over and nothing can be charged: returns whether the subscription stops here. */
    private boolean endWithoutMethod(String account, JsonObject subscription) {
        String behavior = subscription.getJsonObject("trial_settings").getJsonObject("end_behavior")
                .getString("missing_payment_method");
        if (behavior.equals("cancel")) {
            end(account, subscription, "payment_failed");
        } else if (behavior.equals("pause")) {
            change(account, subscription, it -> it.put("status", "paused"));
            events.send(account, "customer.subscription.paused", subscription);
        }
        return !behavior.equals("create_invoice");
    }

    private void endDue(String account, JsonObject subscription) {
        Long at = subscription.getLong("cancel_at");
        if (at != null && at <= clock.seconds() && !SubscriptionObject.hasEnded(subscription)) {
            end(account, subscription, "cancellation_requested");
        }
    }

    private void expireDue(String account, JsonObject subscription) {
        JsonObject notes = state.notes(subscription.getString("id"));
        JsonObject pending = notes.getJsonObject("pending");
        if (pending != null && pending.getLong("expires_at") <= clock.seconds()) {
            discard(account, subscription, true);
        }
        String resuming = notes.getString("resuming");
        boolean waited = subscription.getLong("created") + WAIT_SECONDS <= clock.seconds();
        if (SubscriptionObject.is(subscription, "incomplete") && waited) {
            JsonObject invoice = state.get(account, "invoice", subscription.getString("latest_invoice"));
            expire(account, subscription);
            collection.voidIt(account, invoice, balance);
        } else if (resuming != null) {
            JsonObject invoice = state.get(account, "invoice", resuming);
            if (invoice.getLong("created") + WAIT_SECONDS <= clock.seconds()) {
                notes.remove("resuming");
                collection.voidIt(account, invoice, balance);
            }
        }
    }

    private void expire(String account, JsonObject subscription) {
        change(account, subscription, it -> it.put("status", "incomplete_expired").put("ended_at", clock.seconds()));
    }

    private void warnDue(String account, JsonObject subscription) {
        Long end = subscription.getLong("trial_end");
        if (SubscriptionObject.is(subscription, "trialing") && end != null && end - WARNING_SECONDS <= clock.seconds()) {
            events.send(account, "customer.subscription.trial_will_end", subscription);
        }
    }

    private void collectDue(String account, JsonObject subscription) {
        JsonObject paused = subscription.getJsonObject("pause_collection");
        Long until = paused == null ? null : paused.getLong("resumes_at");
        if (until != null && until <= clock.seconds()) {
            change(account, subscription, it -> it.put("pause_collection", null));
        }
    }

    private void customerDeleted(String account, String customer) {
        state.all(account, "subscription").stream()
                .filter(each -> customer.equals(each.getString("customer")) && !SubscriptionObject.hasEnded(each))
                .forEach(each -> end(account, each, "cancellation_requested"));
    }

    private static boolean keepsDrafts(JsonObject subscription) {
        JsonObject paused = subscription.getJsonObject("pause_collection");
        return paused != null && paused.getString("behavior").equals("keep_as_draft");
    }

    private boolean isPending(JsonObject subscription, JsonObject invoice) {
        JsonObject pending = state.notes(subscription.getString("id")).getJsonObject("pending");
        return pending != null && invoice.getString("id").equals(pending.getString("invoice"));
    }

    private static boolean isLatest(JsonObject subscription, JsonObject invoice) {
        return invoice.getString("id").equals(subscription.getString("latest_invoice"));
    }

    private List<JsonObject> invoicesOf(String account, JsonObject subscription) {
        return state.all(account, "invoice").stream()
                .filter(each -> subscription.getString("id").equals(InvoiceObject.subscription(each))).toList();
    }

    private @Nullable JsonObject of(String account, JsonObject invoice) {
        String id = InvoiceObject.subscription(invoice);
        return id == null ? null : state.find(account, "subscription", id);
    }

    private void at(String id, Due due) {
        String account = state.owner(id);
        JsonObject subscription = account == null ? null : state.find(account, "subscription", id);
        if (account != null && subscription != null) {
            due.comes(account, subscription);
        }
    }

    private interface Due {
        void comes(String account, JsonObject subscription);
    }
}
