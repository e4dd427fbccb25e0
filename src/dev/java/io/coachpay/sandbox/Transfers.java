package io.coachpay.sandbox;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Money from the platform's balance to a connected account's, by itself or as part of a destination charge, and back by an
 * account debit.
 *
 * @see <a href="https://docs.stripe.com/api/transfers">Stripe: transfers</a>
 */
final class Transfers {

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final BalanceTransactions transactions;
    private final Accounts accounts;
    private final Charges charges;

    Transfers(State state, Ids ids, VirtualClock clock, Events events, BalanceTransactions transactions, Accounts accounts,
            Charges charges) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.transactions = transactions;
        this.accounts = accounts;
        this.charges = charges;
    }

    void routes(Api api) {
        api.post("/v1/transfers", "amount! currency! destination! description metadata* source_transaction source_type "
                + "transfer_group expand[]", this::create);
        api.get("/v1/transfers", Lists.PARAMETERS + "destination transfer_group", call -> Lists.page(call,
                state.all(call.account(), "transfer"), Lists.equal(call, "destination", "transfer_group")));
        api.get("/v1/transfers/:id", "expand[]", call -> state.get(call.account(), "transfer", call.id()));
        api.post("/v1/transfers/:id", "description metadata* expand[]", this::update);
    }

    /**
     * Creates the transfer of a destination charge: gross out of the platform's balance, net of the application fee into the
     * account's, the fee back to the platform.
     */
    JsonObject forCharge(String account, JsonObject charge, String destination, long amount, long fee, long available) {
        String currency = charge.getString("currency");
        String group = charge.getString("transfer_group");
        JsonObject transfer = blank(amount, currency, destination);
        transfer.put("source_transaction", charge.getString("id"))
                .put("transfer_group", group == null ? "group_" + charge.getString("payment_intent") : group);
        JsonObject payment = charges.createDestinationPayment(destination, transfer.getString("id"), amount, currency);
        Movement movement = transactions.move(currency);
        enter(movement, account, transfer, payment, fee, available);
        if (fee > 0) {
            // the fee's object follows; its balance transaction belongs to this movement, or the sum would not be zero
            String feeId = ids.next("fee_");
            String transaction = movement.enter(account, Movement.Line.of("application_fee", fee, feeId, available));
            state.notes(transfer.getString("id")).put("fee_transaction", transaction);
            state.notes(transaction).put("fee", feeId);
            payment.put("application_fee", feeId).put("application_fee_amount", fee).put("application",
                    transactions.application());
        }
        movement.close();
        events.send(account, "transfer.created", transfer);
        return transfer;
    }

    private JsonObject create(Call call) {
        Parameters parameters = call.parameters();
        String currency = parameters.currency("currency");
        long amount = parameters.needInteger("amount");
        if (amount < 1) {
            throw StripeError.invalid("parameter_invalid_integer", "Invalid positive integer", "amount");
        }
        String destination = parameters.need("destination");
        if (call.asPlatform()) {
            Countries.checkTransfer(accounts.requireDestination(destination, "destination"), "destination");
        } else {
            requireDebit(call, destination);
        }
        JsonObject source = source(call, amount, currency);
        if (source == null && transactions.funds(call.account(), currency).available() < amount) {
            throw StripeError
                    .balanceInsufficient("You have insufficient available funds in your Stripe account. Try adding funds"
                            + " directly to your available balance by creating Charges using the 4000000000000077 test card.");
        }
        JsonObject transfer = blank(amount, currency, destination);
        transfer.put("description", parameters.text("description")).put("transfer_group", parameters.text("transfer_group"))
                .put("source_transaction", source == null ? null : source.getString("id"));
        parameters.metadata(transfer);
        JsonObject payment = charges.createDestinationPayment(owner(destination), transfer.getString("id"), amount, currency);
        long available = source == null ? clock.seconds()
                : transactions.availableWith(call.account(), source.getString("balance_transaction"));
        Movement movement = transactions.move(currency);
        enter(movement, call.account(), transfer, payment, 0, available);
        movement.close();
        events.send(call.account(), "transfer.created", transfer);
        return transfer;
    }

    /**
     * Requires that a transfer out of a connected account goes to the platform, which must bear the account's losses and be in
     * its region, and is in the account's own currency. Across borders within a region, and where the account has a bank that a
     * debt can be fetched from, Stripe may be kinder (verify).
     *
     * @see <a href="https://docs.stripe.com/connect/account-debits">Stripe: debit connected accounts</a>
     */
    private void requireDebit(Call call, String destination) {
        if (!destination.equals(AccountObject.PLATFORM_ID)) {
            throw StripeError.invalid("resource_missing", "No such destination: '" + destination + "'", "destination");
        }
        if (call.parameters().has("source_transaction")) {
            throw StripeError.invalid("You cannot use source_transaction with a transfer to your platform.",
                    "source_transaction");
        }
        JsonObject account = accounts.get(call.account());
        if (!"application".equals(account.getJsonObject("controller").getJsonObject("losses").getString("payments"))) {
            throw StripeError.invalid("You can only debit accounts for whose negative balances you are responsible.",
                    "destination");
        }
        Countries.checkDebit(account);
        if (!call.parameters().currency("currency").equals(account.getString("default_currency"))) {
            throw StripeError.invalid("The currency of an account debit must be the account's default currency.", "currency");
        }
    }

    /** The owner of the books with an account's money. */
    private static String owner(String account) {
        return account.equals(AccountObject.PLATFORM_ID) ? State.PLATFORM : account;
    }

    private @Nullable JsonObject source(Call call, long amount, String currency) {
        String id = call.parameters().text("source_transaction");
        if (id == null) {
            return null;
        }
        JsonObject charge = state.get(call.account(), "charge", id, "source_transaction");
        long transferred = state.all(call.account(), "transfer").stream()
                .filter(transfer -> id.equals(transfer.getString("source_transaction")))
                .mapToLong(transfer -> transfer.getLong("amount")).sum();
        if (charge.getString("balance_transaction") == null || !currency.equals(charge.getString("currency"))
                || transferred + amount > charge.getLong("amount")) {
            throw StripeError.invalid("Transfers from this source_transaction cannot exceed what the charge has left, in its"
                    + " currency.", "amount");
        }
        return charge;
    }

    private JsonObject update(Call call) {
        JsonObject transfer = state.get(call.account(), "transfer", call.id());
        JsonObject before = transfer.copy();
        if (call.parameters().has("description")) {
            transfer.put("description", call.parameters().text("description"));
        }
        call.parameters().metadata(transfer);
        events.sendUpdate(call.account(), "transfer.updated", transfer, before);
        return transfer;
    }

    private void enter(Movement movement, String account, JsonObject transfer, JsonObject payment, long fee, long available) {
        long amount = transfer.getLong("amount");
        String destination = transfer.getString("destination");
        String out = movement.enter(account, Movement.Line.of("transfer", -amount, transfer.getString("id"), available));
        String in = movement.enter(owner(destination),
                Movement.Line.of("payment", amount, payment.getString("id"), available).lessFee(fee,
                        "application_fee"));
        transfer.put("balance_transaction", out).put("destination_payment", payment.getString("id"));
        payment.put("balance_transaction", in).put("transfer_group", transfer.getString("transfer_group"));
        state.add(account, transfer);
    }

    private JsonObject blank(long amount, String currency, String destination) {
        String id = ids.next("tr_");
        return Json.object("id", id, "object", "transfer", "amount", amount, "amount_reversed", 0, "balance_transaction", null,
                "created", clock.seconds(), "currency", currency, "description", null, "destination", destination,
                "destination_payment", null, "livemode", false, "metadata", new JsonObject(), "reversals",
                Json.list("/v1/transfers/" + id + "/reversals").put("total_count", 0), "reversed", false, "source_transaction",
                null,
                "source_type", "card", "transfer_group", null);
    }
}
