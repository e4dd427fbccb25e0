package io.coachpay.sandbox;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The bank accounts that accounts are paid out to, one for each currency. The platform has one in every currency.
 *
 * A bank from which a payout came back is in error until its details are updated; Stripe says that it sends no scheduled
 * payouts there, and is taken to refuse others too (verify).
 *
 * @see <a href="https://docs.stripe.com/api/external_accounts">Stripe: external accounts</a>
 */
final class ExternalAccounts {

    private static final String ERRORED = "errored";
    private static final String PLATFORM_BANK = "ba_platform0000000000000";

    private final State state;
    private final Ids ids;
    private final Events events;

    ExternalAccounts(State state, Ids ids, Events events) {
        this.state = state;
        this.ids = ids;
        this.events = events;
    }

    /** The bank of an account in a currency, or null if it has none. */
    @Nullable
    JsonObject inCurrency(String account, String currency) {
        if (account.equals(State.PLATFORM)) {
            return platformBank(currency);
        }
        return banks(account).stream().filter(bank -> currency.equals(bank.getString("currency"))).findFirst().orElse(null);
    }

    /** The bank by its id, or null if the account has no such bank. */
    @Nullable
    JsonObject find(String account, String id) {
        if (account.equals(State.PLATFORM)) {
            return id.startsWith(PLATFORM_BANK) ? platformBank(id.substring(PLATFORM_BANK.length())) : null;
        }
        return banks(account).stream().filter(bank -> id.equals(bank.getString("id"))).findFirst().orElse(null);
    }

    /** Whether the bank accepts instant payouts. */
    static boolean takesInstantly(JsonObject bank) {
        return Json.strings(bank.getJsonArray("available_payout_methods")).contains("instant");
    }

    /** The part of an amount that can be sent to the bank instantly. */
    long instantly(JsonObject bank, long amount) {
        return takesInstantly(bank) ? Math.min(amount, state.notes(bank.getString("id")).getLong("instant_at_most", amount))
                : 0;
    }

    /** The code with which payouts to this bank fail, or null if they arrive. */
    @Nullable
    String failure(String bank) {
        return state.notes(bank).getString("failure");
    }

    /** Whether a payout to it came back; then it accepts no more until its details are updated. */
    static boolean isErrored(JsonObject bank) {
        return ERRORED.equals(bank.getString("status"));
    }

    /** Records that a payout to it came back. The platform's own bank is put right at once. */
    void returned(String account, String id) {
        JsonObject bank = account.equals(State.PLATFORM) ? null : find(account, id);
        if (bank != null && !isErrored(bank)) {
            JsonObject before = bank.copy();
            bank.put("status", ERRORED);
            events.sendUpdate(account, "account.external_account.updated", bank, before);
        }
    }

    void add(JsonObject account, String currency) {
        String id = account.getString("id");
        JsonObject bank = AccountObject.bankAccount(ids.next("ba_"), id, account.getString("country"), currency);
        data(account).add(bank);
        count(account);
        events.send(id, "account.external_account.created", bank);
    }

    /** Gives the account a bank in the currency unless it has one, and applies the wanted settings. */
    JsonObject change(JsonObject account, String currency, JsonObject wanted) {
        String id = account.getString("id");
        if (inCurrency(id, currency) == null) {
            add(account, currency);
        }
        JsonObject bank = banks(id).stream().filter(each -> currency.equals(each.getString("currency"))).findFirst()
                .orElseThrow();
        JsonObject before = bank.copy();
        if (wanted.containsKey("instant")) {
            bank.put("available_payout_methods",
                    wanted.getBoolean("instant") ? Json.array("standard", "instant") : Json.array("standard"));
        }
        if (wanted.containsKey("instantAtMost")) {
            state.notes(bank.getString("id")).put("instant_at_most", wanted.getLong("instantAtMost"));
        }
        if (wanted.getBoolean("updated", false)) {
            bank.put("status", "new");
            state.notes(bank.getString("id")).remove("failure");
        }
        if (wanted.containsKey("failure")) {
            bank.put("status", "new");
            state.notes(bank.getString("id")).put("failure", wanted.getString("failure"));
        }
        events.sendUpdate(id, "account.external_account.updated", bank, before);
        return bank;
    }

    /** Removes the account's bank in the currency, so that it cannot be paid out in it. */
    JsonObject remove(JsonObject account, String currency) {
        String id = account.getString("id");
        JsonObject bank = inCurrency(id, currency);
        if (bank == null) {
            throw StripeError.invalid("Account " + id + " has no bank in " + currency + ".", "currency");
        }
        data(account).remove(banks(id).indexOf(bank));
        count(account);
        events.send(id, "account.external_account.deleted", bank);
        return bank;
    }

    private List<JsonObject> banks(String account) {
        JsonObject object = state.find(State.PLATFORM, "account", account);
        return object == null ? List.of() : Json.objects(data(object));
    }

    private static JsonArray data(JsonObject account) {
        return account.getJsonObject("external_accounts").getJsonArray("data");
    }

    private static void count(JsonObject account) {
        account.getJsonObject("external_accounts").put("total_count", data(account).size());
    }

    private static JsonObject platformBank(String currency) {
        return AccountObject.bankAccount(PLATFORM_BANK + currency, "acct_platform", "US", currency)
                .put("available_payout_methods", Json.array("standard", "instant"));
    }
}
