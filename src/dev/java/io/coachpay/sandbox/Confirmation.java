package io.coachpay.sandbox;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Attempts a payment: the card succeeds, is declined, requires authentication, or stays processing.
 *
 * @see <a href="https://docs.stripe.com/payments/paymentintents/lifecycle">Stripe: how PaymentIntents work</a>
 */
final class Confirmation {

    /** Virtual seconds until a bank has paid a debit. */
    private static final long DEBIT_SECONDS = 24 * 60 * 60;

    private final State state;
    private final VirtualClock clock;
    private final Events events;
    private final Accounts accounts;
    private final PaymentMethods methods;
    private final Charges charges;
    private final Settlement settlement;
    private final String base;
    private final List<Follower> followers = new ArrayList<>();

    /**
     * Notified when an intent has succeeded, started processing or failed while processing; so Checkout follows its payments.
     */
    interface Follower {
        void concluded(String account, JsonObject intent);

        /** An attempt has failed, or the bank asks the payer. */
        default void attempted(String account, JsonObject intent) {
        }
    }

    /** Circumstances of the attempt: whether the payer is absent, and where a challenge leads back to. */
    record Circumstances(boolean offSession, @Nullable String returnUrl, boolean refuseAction) {

        static Circumstances of(Parameters parameters) {
            String off = parameters.text("off_session");
            return new Circumstances(off != null && !off.equals("false"), parameters.text("return_url"),
                    parameters.flag("error_on_requires_action"));
        }

        static Circumstances onPage(@Nullable String returnUrl) {
            return new Circumstances(false, returnUrl, false);
        }
    }

    Confirmation(State state, VirtualClock clock, Events events, Accounts accounts, PaymentMethods methods, Charges charges,
            Settlement settlement, String base) {
        this.state = state;
        this.clock = clock;
        this.events = events;
        this.accounts = accounts;
        this.methods = methods;
        this.charges = charges;
        this.settlement = settlement;
        this.base = base;
        clock.define("debit.arrives", id -> {
            JsonObject intent = find(id);
            if (intent.getString("status").equals("processing")) {
                finishProcessing(id, true);
            }
        });
    }

    void follow(Follower follower) {
        followers.add(follower);
    }

    JsonObject confirm(String account, JsonObject intent, @Nullable JsonObject given, Circumstances circumstances) {
        if (!PaymentIntents.isOpen(intent)) {
            throw PaymentIntents.unexpected(intent, "confirm");
        }
        JsonObject method = given != null ? given : chosen(account, intent);
        PaymentMethods.checkHolder(method, intent.getString("customer"));
        methods.checkUsable(method, intent);
        String destination = intent.getJsonObject("transfer_data") == null ? null
                : intent.getJsonObject("transfer_data").getString("destination");
        if (destination != null) {
            accounts.requireDestination(destination, "transfer_data[destination]");
        }
        TestCard card = methods.card(method);
        intent.put("payment_method", method.getString("id")).put("next_action", null);
        Object forced = state.notes(intent.getString("id")).remove("forced");
        if ("ask".equals(forced)) {
            return challenge(account, intent, method, circumstances);
        }
        if ("decline".equals(forced)) {
            throw decline(account, intent, method, Decline.insufficientFunds(), false);
        }
        if (card.declinesWhenCharged()) {
            throw decline(account, intent, method, Decline.of(card), false);
        }
        if (card.authenticates(methods.wasSetUp(method))) {
            return challenge(account, intent, method, circumstances);
        }
        if (card.isProcessed()) {
            return process(account, intent, method, card);
        }
        return succeed(account, intent, method, false);
    }

    /** Answers the bank's challenge, as the card's holder. */
    JsonObject authenticate(String id, boolean success) {
        JsonObject intent = find(id);
        String account = owner(id);
        if (!"requires_action".equals(intent.getString("status"))) {
            throw PaymentIntents.unexpected(intent, "authenticate");
        }
        JsonObject method = chosen(account, intent);
        TestCard card = methods.card(method);
        intent.put("next_action", null);
        if (!success) {
            fail(account, intent, method, Decline.authenticationFailed("payment_intent"));
            return intent;
        }
        if (card.reaction() == TestCard.Reaction.AUTHENTICATES_THEN_DECLINES) {
            throw decline(account, intent, method, Decline.of(card), true);
        }
        return succeed(account, intent, method, true);
    }

    /** Ends what is processing: the bank has paid, or refused. */
    JsonObject finishProcessing(String id, boolean success) {
        JsonObject intent = find(id);
        String account = owner(id);
        if (!"processing".equals(intent.getString("status"))) {
            throw PaymentIntents.unexpected(intent, "finish");
        }
        JsonObject charge = state.get(account, "charge", intent.getString("latest_charge"));
        Decline decline = success ? null
                : new Decline("payment_intent_payment_attempt_failed", "", "The bank returned the debit.");
        charges.conclude(account, charge, decline);
        if (decline == null) {
            conclude(account, intent, charge);
            return intent;
        }
        fail(account, intent, chosen(account, intent), decline);
        tell(account, intent);
        return intent;
    }

    private JsonObject succeed(String account, JsonObject intent, JsonObject method, boolean authenticated) {
        String customer = intent.getString("customer");
        String later = intent.getString("setup_future_usage");
        methods.use(method, later);
        if (customer != null && later != null) {
            methods.attach(account, method, customer);
        }
        JsonObject charge = charges.succeed(account, intent, method, authenticated);
        conclude(account, intent, charge);
        return intent;
    }

    private void conclude(String account, JsonObject intent, JsonObject charge) {
        intent.put("status", "succeeded").put("amount_received", intent.getLong("amount")).put("last_payment_error", null)
                .put("processing", null).put("latest_charge", charge.getString("id"));
        events.send(account, "payment_intent.succeeded", intent);
        tell(account, intent);
        settlement.begin(account, charge);
    }

    private JsonObject challenge(String account, JsonObject intent, JsonObject method, Circumstances circumstances) {
        if (circumstances.offSession || circumstances.refuseAction) {
            throw decline(account, intent, method, Decline.authenticationRequired(), false);
        }
        String url = base + "/challenge/" + intent.getString("id");
        JsonObject action = circumstances.returnUrl == null
                ? Json.object("type", "use_stripe_sdk", "use_stripe_sdk",
                        Json.object("type", "three_d_secure_redirect", "stripe_js", url))
                : Json.object("redirect_to_url", Json.object("return_url", circumstances.returnUrl, "url", url), "type",
                        "redirect_to_url");
        intent.put("status", "requires_action").put("next_action", action);
        events.send(account, "payment_intent.requires_action", intent);
        followers.forEach(follower -> follower.attempted(account, intent));
        return intent;
    }

    private JsonObject process(String account, JsonObject intent, JsonObject method, TestCard card) {
        methods.use(method, intent.getString("setup_future_usage"));
        JsonObject charge = charges.pend(account, intent, method);
        intent.put("status", "processing").put("latest_charge", charge.getString("id")).put("processing", null)
                .put("last_payment_error", null);
        events.send(account, "payment_intent.processing", intent);
        tell(account, intent);
        if (card.reaction() == TestCard.Reaction.DEBITS) {
            clock.schedule(clock.seconds() + DEBIT_SECONDS, "debit.arrives", intent.getString("id"));
        }
        return intent;
    }

    private StripeError decline(String account, JsonObject intent, JsonObject method, Decline decline, boolean authenticated) {
        JsonObject charge = charges.decline(account, intent, method, decline, authenticated);
        intent.put("latest_charge", charge.getString("id"));
        fail(account, intent, method, decline);
        return decline.error().with("charge", charge.getString("id")).with("payment_intent", intent.copy()).with(
                "payment_method",
                method.copy());
    }

    /** Records the failure in the intent, which then waits for another payment method. */
    private void fail(String account, JsonObject intent, JsonObject method, Decline decline) {
        JsonObject error = decline.json(method);
        String charge = intent.getString("latest_charge");
        if (charge != null) {
            error.put("charge", charge);
        }
        intent.put("status", "requires_payment_method").put("payment_method", null).put("last_payment_error", error);
        events.send(account, "payment_intent.payment_failed", intent);
        followers.forEach(follower -> follower.attempted(account, intent));
    }

    private JsonObject chosen(String account, JsonObject intent) {
        String id = intent.getString("payment_method");
        if (id == null) {
            throw StripeError
                    .invalid("payment_intent_unexpected_state", "You cannot confirm this PaymentIntent because it's missing"
                            + " a payment method. Update the PaymentIntent with a payment method and then confirm it again.",
                            null)
                    .with("payment_intent", intent.copy());
        }
        return state.get(account, "payment_method", id);
    }

    private void tell(String account, JsonObject intent) {
        followers.forEach(follower -> follower.concluded(account, intent));
    }

    private JsonObject find(String id) {
        return state.get(owner(id), "payment_intent", id);
    }

    private String owner(String id) {
        String owner = state.owner(id);
        if (owner == null) {
            throw StripeError.noSuch("payment_intent", id);
        }
        return owner;
    }
}
