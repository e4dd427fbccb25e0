package io.coachpay.sandbox;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Reports Stripe's side of the money, added up afresh from the balance transactions, to be compared with a ledger. */
final class Books {

    private final State state;
    private final VirtualClock clock;
    private final BalanceTransactions transactions;

    Books(State state, VirtualClock clock, BalanceTransactions transactions) {
        this.state = state;
        this.clock = clock;
        this.transactions = transactions;
    }

    /** @param only the accounts to report; an empty set means all */
    JsonObject report(Set<String> only) {
        JsonArray accounts = new JsonArray();
        Map<String, Long> sums = new TreeMap<>();
        for (String account : state.accounts()) {
            if (!only.isEmpty() && !only.contains(account)) {
                continue;
            }
            JsonArray balances = new JsonArray();
            for (String currency : transactions.currencies(account)) {
                Totals totals = totals(account, currency);
                sums.merge(currency, totals.net(), Long::sum);
                balances.add(totals.json(currency, account.equals(State.PLATFORM)));
            }
            if (!balances.isEmpty() || state.find(State.PLATFORM, "account", account) != null) {
                accounts.add(
                        Json.object("account", account, "deauthorized", state.notes(account).getBoolean("deauthorized", false),
                                "balances", balances));
            }
        }
        if (!only.isEmpty()) {
            // some of the accounts sum to nothing in particular
            return Json.object("asOf", clock.now().toString(), "accounts", accounts, "objects", objects(only));
        }
        addUnfunded(accounts);
        JsonArray outside = new JsonArray();
        for (String currency : transactions.currencies()) {
            outside.add(outside(currency, sums));
        }
        JsonArray check = new JsonArray();
        sums.forEach((currency, sum) -> check
                .add(Json.object("currency", currency, "sum", Currencies.decimal(sum, currency))));
        return Json.object("asOf", clock.now().toString(), "accounts", accounts, "outside", outside, "objects", objects(only),
                "check",
                check);
    }

    /** Adds accounts that never had a movement. */
    private void addUnfunded(JsonArray accounts) {
        List<String> told = Json.objects(accounts).stream().map(each -> each.getString("account")).toList();
        state.all(State.PLATFORM, "account").stream().map(account -> account.getString("id")).filter(id -> !told.contains(id))
                .forEach(id -> accounts.add(Json.object("account", id, "deauthorized",
                        state.notes(id).getBoolean("deauthorized", false), "balances", new JsonArray())));
    }

    private JsonObject outside(String currency, Map<String, Long> sums) {
        JsonObject outside = Json.object("currency", currency);
        for (Movement.Outside party : Movement.Outside.values()) {
            long amount = transactions.outside(party, currency);
            sums.merge(currency, amount, Long::sum);
            String name = switch (party) {
                case PAYERS -> "payers";
                case STRIPE_FEES -> "stripeFees";
                case BANKS -> "banks";
                case EXCHANGE -> "exchange";
            };
            outside.put(name, Currencies.decimal(amount, currency));
        }
        return outside;
    }

    private Totals totals(String account, String currency) {
        Totals totals = new Totals();
        long now = clock.seconds();
        for (JsonObject transaction : state.all(account, "balance_transaction")) {
            if (currency.equals(transaction.getString("currency"))) {
                totals.add(transaction, now);
            }
        }
        for (JsonObject payout : state.all(account, "payout")) {
            if (currency.equals(payout.getString("currency"))) {
                totals.addPayout(payout);
            }
        }
        return totals;
    }

    private JsonObject objects(Set<String> only) {
        return Json.object("charges", facts("charge", "payment_intent", only), "refunds", facts("refund", "charge", only),
                "reversals", facts("transfer_reversal", "transfer", only), "transfers",
                facts("transfer", "source_transaction", only), "feeRefunds", facts("fee_refund", "fee", only), "payouts",
                facts("payout", "destination", only), "disputes", facts("dispute", "charge", only));
    }

    /** The objects of a kind on all accounts, without those that mirror another one, such as a destination payment. */
    private JsonArray facts(String kind, String source, Set<String> only) {
        JsonArray facts = new JsonArray();
        for (String account : state.accounts()) {
            for (JsonObject object : state.all(account, kind)) {
                if (object.getValue("source_transfer") != null || object.getValue("source_transfer_reversal") != null) {
                    continue;
                }
                String concerned = concerned(account, object);
                if (only.isEmpty() || only.contains(concerned)) {
                    facts.add(fact(object, source, concerned));
                }
            }
        }
        return facts;
    }

    private static JsonObject fact(JsonObject object, String source, String concerned) {
        String currency = object.getString("currency");
        JsonObject fact = Json.object("id", object.getString("id"), "status", status(object), "amount",
                Currencies.decimal(object.getLong("amount"), currency), "currency", currency);
        if (!concerned.equals(State.PLATFORM)) {
            fact.put("account", concerned);
        }
        JsonObject metadata = object.getJsonObject("metadata");
        if (metadata != null && !metadata.isEmpty()) {
            fact.put("metadata", metadata);
        }
        return fact.put("source", object.getString(source));
    }

    /** The connected account of a fact on the platform's account, found by the transfer that it led to or came from. */
    private String concerned(String account, JsonObject object) {
        return switch (object.getString("object")) {
            case "transfer" -> account.equals(State.PLATFORM) ? object.getString("destination") : account;
            case "charge" -> destination(account, object);
            case "refund", "dispute" -> destination(account, state.find(account, "charge", object.getString("charge")));
            case "transfer_reversal" ->
                destination(state.find(account, "transfer", object.getString("transfer")), "destination", account);
            case "fee_refund" ->
                destination(state.find(account, "application_fee", object.getString("fee")), "account", account);
            default -> account;
        };
    }

    private static String destination(String account, @Nullable JsonObject charge) {
        return destination(charge == null ? null : charge.getJsonObject("transfer_data"), "destination", account);
    }

    private static String destination(@Nullable JsonObject object, String field, String otherwise) {
        return object == null ? otherwise : object.getString(field, otherwise);
    }

    private static String status(JsonObject object) {
        if (object.containsKey("status")) {
            return object.getString("status");
        }
        return Boolean.TRUE.equals(object.getBoolean("reversed")) ? "reversed" : "created";
    }

    private static final class Totals {

        private final Map<String, long[]> byType = new TreeMap<>();
        private long pending;
        private long available;
        private long reserved;
        private long inTransit;
        private long paidOut;
        private long bank;

        void add(JsonObject transaction, long now) {
            long net = transaction.getLong("net");
            String type = transaction.getString("type");
            long[] sums = byType.computeIfAbsent(type, any -> new long[4]);
            sums[0]++;
            sums[1] += transaction.getLong("amount");
            sums[2] += transaction.getLong("fee");
            sums[3] += net;
            if (type.startsWith(BalanceTransactions.RESERVE)) {
                reserved -= net;
            }
            if (type.startsWith("payout") || type.startsWith("topup")) {
                bank += net;
            }
            if (transaction.getLong("available_on") > now) {
                pending += net;
                return;
            }
            available += net;
        }

        void addPayout(JsonObject payout) {
            switch (payout.getString("status")) {
                case "pending", "in_transit" -> inTransit += payout.getLong("amount");
                case "paid" -> paidOut += payout.getLong("amount");
                default -> {
                }
            }
        }

        long net() {
            return pending + available + reserved;
        }

        JsonObject json(String currency, boolean platform) {
            JsonObject types = new JsonObject();
            byType.forEach((type, sums) -> types.put(type,
                    Json.object("count", sums[0], "amount", Currencies.decimal(sums[1], currency), "fee",
                            Currencies.decimal(sums[2], currency), "net", Currencies.decimal(sums[3], currency))));
            return Json.object("currency", currency, "pending", Currencies.decimal(pending, currency), "available",
                    Currencies.decimal(available, currency), "reserved", Currencies.decimal(reserved, currency), "inTransit",
                    Currencies.decimal(inTransit, currency), "paidOut", Currencies.decimal(paidOut, currency), "platformBank",
                    Currencies.decimal(platform ? bank : 0, currency), "net", Currencies.decimal(net(), currency), "byType",
                    types);
        }
    }
}
