package io.coachpay.sandbox;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Every movement of a Stripe balance, of the platform and of each connected account.
 *
 * @see <a href="https://docs.stripe.com/api/balance_transactions">Stripe: balance transactions</a>
 */
final class BalanceTransactions {

    private static final Map<String, String> CATEGORIES = Map.ofEntries(Map.entry("charge", "charge"),
            Map.entry("payment", "charge"), Map.entry("refund", "refund"), Map.entry("payment_refund", "refund"),
            Map.entry("refund_failure", "refund_failure"), Map.entry("transfer", "transfer"),
            Map.entry("transfer_refund", "transfer_reversal"), Map.entry("application_fee", "platform_earning"),
            Map.entry("application_fee_refund", "platform_earning_refund"), Map.entry("adjustment", "other_adjustment"),
            Map.entry("stripe_fee", "fee"), Map.entry("payout", "payout"),
            Map.entry("payout_failure", "payout_reversal"), Map.entry("payout_cancel", "payout_reversal"),
            Map.entry("topup", "topup"));

    /** The prefix of types whose lines hold something back. */
    static final String RESERVE = "reserve";

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Map<Purse, Funds> funds = new LinkedHashMap<>();
    private final Map<String, Map<Movement.Outside, Long>> outside = new LinkedHashMap<>();
    private final Map<String, List<JsonObject>> pending = new HashMap<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private Change change = (account, currency) -> {
    };

    /** Notified when an account's available balance in a currency has changed. */
    interface Change {
        void of(String account, String currency);
    }

    /** Notified when pending funds of an account have become available. */
    interface Arrival {
        void availableFor(String account);
    }

    private record Purse(String account, String currency) {
    }

    /** An account's balance in one currency, in minor units. */
    record Funds(long pending, long available) {
        static final Funds NONE = new Funds(0, 0);
    }

    BalanceTransactions(State state, Ids ids, VirtualClock clock) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        clock.define("funds.available", this::release);
    }

    void onArrival(Arrival told) {
        arrivals.add(told);
    }

    void onChange(Change told) {
        change = told;
    }

    /** Holds so much more of the platform's balance in reserve, or releases it where the amount is below zero. */
    void reserve(String currency, long amount) {
        enter(State.PLATFORM, currency, Movement.Line.of("reserve_transaction", -amount, null, clock.seconds()), null);
    }

    Movement move(String currency) {
        return new Movement(this, currency);
    }

    /**
     * Has the account's later receipts in one currency exchanged into another, as happens to one without a bank account in that
     * currency.
     *
     * @param rate whole units for a whole unit
     */
    JsonObject exchange(String account, String from, String into, BigDecimal rate) {
        JsonObject exchanged = Json.object("from", from, "into", into, "rate", rate.toPlainString());
        state.notes(account).put("exchanged", exchanged);
        return exchanged;
    }

    /** Changes a balance as Stripe does by itself. A reserve stays in the account's balance. */
    JsonObject adjust(String account, String currency, Movement.Line line) {
        String id = add(account, currency, line);
        if (!line.type().startsWith(RESERVE)) {
            addOutside(Movement.Outside.STRIPE_FEES, currency, line.fee() - line.amount());
        }
        return state.get(account, "balance_transaction", id);
    }

    /** The part of an account's balance that is held back, in minor units. */
    long reserved(String account, String currency) {
        return -state.all(account, "balance_transaction").stream().filter(each -> currency.equals(each.getString("currency")))
                .filter(each -> each.getString("type").startsWith(RESERVE)).mapToLong(each -> each.getLong("net")).sum();
    }

    String add(String account, String currency, Movement.Line line) {
        JsonObject exchanged = state.notes(account).getJsonObject("exchanged");
        if (exchanged == null || !exchanged.getString("from").equals(currency)) {
            return enter(account, currency, line, null);
        }
        String into = exchanged.getString("into");
        BigDecimal rate = new BigDecimal(exchanged.getString("rate"));
        Movement.Line worth = line.worth(exchanged(line.amount(), currency, into, rate),
                exchanged(line.fee(), currency, into, rate));
        addOutside(Movement.Outside.EXCHANGE, currency, line.amount() - line.fee());
        addOutside(Movement.Outside.EXCHANGE, into, worth.fee() - worth.amount());
        return enter(account, into, worth, rate);
    }

    private static long exchanged(long amount, String from, String into, BigDecimal rate) {
        BigDecimal units = new BigDecimal(Currencies.decimal(amount, from)).multiply(rate);
        return units.movePointRight(new BigDecimal(Currencies.decimal(0, into)).scale()).setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    private String enter(String account, String currency, Movement.Line line, @Nullable BigDecimal rate) {
        long net = line.amount() - line.fee();
        boolean available = line.availableOn() <= clock.seconds();
        JsonObject transaction = Json.object("id", ids.next("txn_"), "object", "balance_transaction", "amount", line.amount(),
                "available_on", line.availableOn(), "balance_type", "payments", "created", clock.seconds(), "currency",
                currency,
                "description", line.description().isEmpty() ? null : line.description(), "exchange_rate",
                rate == null ? null : rate.doubleValue(), "fee",
                line.fee(),
                "fee_details", line.feeDetails(currency, application()), "net", net, "reporting_category",
                line.category().isEmpty() ? CATEGORIES.getOrDefault(line.type(), line.type()) : line.category(), "source",
                line.source(), "status",
                available ? "available" : "pending", "type", line.type());
        state.add(account, transaction);
        count(account, transaction);
        if (!available || net > 0) {
            clock.schedule(line.availableOn(), "funds.available", account);
        }
        return transaction.getString("id");
    }

    void addOutside(Movement.Outside party, String currency, long amount) {
        outside.computeIfAbsent(currency, any -> new LinkedHashMap<>()).merge(party, amount, Long::sum);
    }

    Funds funds(String account, String currency) {
        return funds.getOrDefault(new Purse(account, currency), Funds.NONE);
    }

    Set<String> currencies(String account) {
        TreeSet<String> currencies = new TreeSet<>();
        funds.keySet().stream().filter(purse -> purse.account.equals(account)).forEach(purse -> currencies.add(purse.currency));
        return currencies;
    }

    Set<String> currencies() {
        return new TreeSet<>(outside.keySet());
    }

    long outside(Movement.Outside party, String currency) {
        return outside.getOrDefault(currency, Map.of()).getOrDefault(party, 0L);
    }

    /** The second from which a transaction's money is available; a refund of pending money is pending as long. */
    long availableWith(String account, String transaction) {
        JsonObject original = state.find(account, "balance_transaction", transaction);
        return original == null ? clock.seconds() : Math.max(clock.seconds(), original.getLong("available_on"));
    }

    void routes(Api api) {
        api.get("/v1/balance_transactions", Lists.PARAMETERS + "currency payout source type", call -> Lists.page(call,
                state.all(call.account(), "balance_transaction"), Lists.equal(call, "currency", "source", "type", "payout")));
        api.get("/v1/balance_transactions/:id", "expand[]",
                call -> state.get(call.account(), "balance_transaction", call.id()));
    }

    /** Rebuilds the sums after the state was loaded. */
    void load(JsonObject saved) {
        for (String account : state.accounts()) {
            state.all(account, "balance_transaction").forEach(transaction -> count(account, transaction));
        }
        for (String currency : saved.fieldNames()) {
            JsonObject parties = saved.getJsonObject(currency);
            parties.fieldNames().forEach(
                    party -> addOutside(Movement.Outside.valueOf(party), currency, parties.getLong(party)));
        }
    }

    JsonObject save() {
        JsonObject saved = new JsonObject();
        outside.forEach((currency, parties) -> {
            JsonObject amounts = new JsonObject();
            parties.forEach((party, amount) -> amounts.put(party.name(), amount));
            saved.put(currency, amounts);
        });
        return saved;
    }

    /** The platform's own id as an application, which stands in its fees. */
    String application() {
        JsonObject notes = state.notes("application");
        if (!notes.containsKey("id")) {
            notes.put("id", ids.next("ca_"));
        }
        return notes.getString("id");
    }

    private void count(String account, JsonObject transaction) {
        boolean available = transaction.getString("status").equals("available");
        long net = transaction.getLong("net");
        add(account, transaction.getString("currency"), available ? 0 : net, available ? net : 0);
        if (!available) {
            pending.computeIfAbsent(account, any -> new ArrayList<>()).add(transaction);
        }
    }

    private void add(String account, String currency, long toPending, long toAvailable) {
        Purse purse = new Purse(account, currency);
        Funds before = funds.getOrDefault(purse, Funds.NONE);
        funds.put(purse, new Funds(before.pending + toPending, before.available + toAvailable));
        if (toAvailable != 0) {
            change.of(account, currency);
        }
    }

    private void release(String account) {
        long now = clock.seconds();
        pending.getOrDefault(account, new ArrayList<>()).removeIf(transaction -> {
            if (transaction.getLong("available_on") > now) {
                return false;
            }
            long net = transaction.getLong("net");
            transaction.put("status", "available");
            add(account, transaction.getString("currency"), -net, net);
            return true;
        });
        arrivals.forEach(arrival -> arrival.availableFor(account));
    }
}
