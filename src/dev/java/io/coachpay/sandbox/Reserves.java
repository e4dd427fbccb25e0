package io.coachpay.sandbox;

import io.vertx.core.json.JsonObject;

/**
 * Reserves of the platform's balance for the debts of connected accounts, and the end of old debts. The platform bears these
 * accounts' losses, so each amount that one of them has below zero is reserved, in its currency, even where that puts the
 * platform below zero itself. It is released as the debt gets smaller. A debt of 180 days is cleared: out of the reserve, into
 * the account.
 *
 * @see <a href="https://support.stripe.com/questions/connect-reserves-faq">Stripe: Connect reserves</a>
 */
final class Reserves {

    private static final long CLEARED_AFTER_SECONDS = 180L * 24 * 60 * 60;
    private static final String NOTES = "reserves";
    private static final String CLEARED = "connect_collection_transfer";

    private final State state;
    private final VirtualClock clock;
    private final BalanceTransactions transactions;

    Reserves(State state, VirtualClock clock, BalanceTransactions transactions) {
        this.state = state;
        this.clock = clock;
        this.transactions = transactions;
        clock.define("reserve.follows", this::follow);
        clock.define("debt.clears", this::clear);
        // Not during a movement of the balance: its other lines are still to come.
        transactions.onChange((account, currency) -> {
            if (!account.equals(State.PLATFORM)) {
                clock.schedule(clock.seconds(), "reserve.follows", purse(account, currency));
            }
        });
    }

    private static String purse(String account, String currency) {
        return account + " " + currency;
    }

    private void follow(String purse) {
        JsonObject known = state.notes(NOTES);
        long held = known.getJsonObject(purse, new JsonObject()).getLong("held", 0L);
        long debt = debt(purse);
        if (debt == held) {
            return;
        }
        transactions.reserve(currency(purse), debt - held);
        if (debt == 0) {
            known.remove(purse);
            return;
        }
        if (held == 0) {
            clock.schedule(clock.seconds() + CLEARED_AFTER_SECONDS, "debt.clears", purse);
            known.put(purse, Json.object("since", clock.seconds()));
        }
        known.getJsonObject(purse).put("held", debt);
    }

    /** Clears a debt that has lasted the whole time; one that began again since has a time of its own. */
    private void clear(String purse) {
        JsonObject known = state.notes(NOTES).getJsonObject(purse);
        long debt = debt(purse);
        if (known != null && debt > 0 && known.getLong("since") + CLEARED_AFTER_SECONDS <= clock.seconds()) {
            clear(purse, debt);
        }
    }

    /** Clears all debts of an account, of any age. */
    JsonObject clearAll(String account) {
        JsonObject cleared = new JsonObject();
        for (String currency : transactions.currencies(account)) {
            String purse = purse(account, currency);
            long debt = debt(purse);
            if (debt > 0) {
                clear(purse, debt);
                cleared.put(currency, debt);
            }
        }
        return Json.object("account", account, "cleared", cleared);
    }

    private void clear(String purse, long debt) {
        Movement movement = transactions.move(currency(purse));
        movement.enter(State.PLATFORM, Movement.Line.of(CLEARED, -debt, null, clock.seconds()));
        movement.enter(account(purse), Movement.Line.of(CLEARED, debt, null, clock.seconds()));
        movement.close();
        clock.schedule(clock.seconds(), "reserve.follows", purse);
    }

    private long debt(String purse) {
        return Math.max(0, -transactions.funds(account(purse), currency(purse)).available());
    }

    private static String account(String purse) {
        return purse.substring(0, purse.indexOf(' '));
    }

    private static String currency(String purse) {
        return purse.substring(purse.indexOf(' ') + 1);
    }
}
