package io.coachpay.sandbox;

import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** All parts of this Stripe, put together; it belongs to one event loop. */
final class World {

    private static final int SCHEMA = 1;
    private static final long SWEEP_SECONDS = 60 * 60;

    private final String base;
    private final State state = new State();
    private final Ids ids;
    private final VirtualClock clock = new VirtualClock();
    private final Faults faults = new Faults();
    private final ApiKeys apiKeys = new ApiKeys();
    private final RateLimits limits = new RateLimits(() -> System.currentTimeMillis() / 1000);
    private final Webhooks webhooks;
    private final Events events;
    private final IdempotencyKeys keys = new IdempotencyKeys(clock);
    private final BalanceTransactions transactions;
    private final Reserves reserves;
    private final Balances balances;
    private final Books books;
    private final Accounts accounts;
    private final AccountAccess access;
    private final PaymentMethods methods;
    private final Charges charges;
    private final Settlement settlement;
    private final Confirmation confirmation;
    private final SetupIntents setups;
    private final CheckoutSessions checkouts;
    private final Billing billing;
    private final RefundOutcomes outcomes;
    private final PayoutOutcomes payouts;
    private final RefundFunding funding;
    private final TopUps topUps;
    private final DisputeOutcomes disputeOutcomes;
    private final Disputes disputes;
    private final Api api;
    private long nextSweep;
    private Runnable changed = () -> {
    };

    /** @param base the address of the hosted pages, without a slash at its end */
    World(Vertx vertx, String base, long seed) {
        this.base = base;
        ids = new Ids(seed);
        webhooks = new Webhooks(vertx, faults);
        events = new Events(state, ids, clock, webhooks);
        transactions = new BalanceTransactions(state, ids, clock);
        reserves = new Reserves(state, clock, transactions);
        ExternalAccounts banks = new ExternalAccounts(state, ids, events);
        balances = new Balances(state, events, transactions, banks);
        books = new Books(state, clock, transactions);
        accounts = new Accounts(state, ids, clock, events, balances, transactions, banks);
        access = new AccountAccess(state, ids, clock, accounts, base);
        Customers customers = new Customers(state, ids, clock, events);
        methods = new PaymentMethods(state, ids, clock, events, customers);
        charges = new Charges(state, ids, clock, events, methods);
        Transfers transfers = new Transfers(state, ids, clock, events, transactions, accounts, charges);
        ApplicationFees fees = new ApplicationFees(state, ids, clock, events, transactions, accounts);
        Reversals reversals = new Reversals(state, ids, clock, events, transactions, accounts, fees);
        settlement = new Settlement(vertx, state, clock, events, faults, transactions, transfers, fees, methods);
        confirmation = new Confirmation(state, clock, events, accounts, methods, charges, settlement, base);
        PaymentIntents intents = new PaymentIntents(state, ids, clock, events, accounts, customers, methods, confirmation);
        setups = new SetupIntents(state, ids, clock, events, customers, methods, base);
        funding = new RefundFunding(state, transactions);
        outcomes = new RefundOutcomes(state, ids, clock, events, transactions, methods, funding);
        Refunds refunds = new Refunds(state, ids, clock, events, transactions, reversals, settlement, fees, outcomes, funding);
        Products products = new Products(state, ids, clock, events);
        Prices prices = new Prices(state, ids, clock, events, products);
        billing = new Billing(state, ids, clock, events, customers, methods, prices, intents, confirmation, refunds, base);
        checkouts = new CheckoutSessions(state, clock, events, customers, methods, intents, setups, confirmation,
                new SubscriptionCheckout(state, customers, intents, setups, confirmation, billing.subscriptions()), faults,
                base);
        CheckoutCreation newCheckouts = new CheckoutCreation(state, ids, clock, customers, accounts, setups, products, prices,
                base);
        payouts = new PayoutOutcomes(state, clock, events, transactions, banks);
        topUps = new TopUps(state, ids, clock, events, transactions);
        disputeOutcomes = new DisputeOutcomes(state, clock, events, transactions);
        disputes = new Disputes(state, ids, clock, events, settlement, outcomes, disputeOutcomes);
        Expansion expansion = new Expansion(state, banks, this::included);
        api = new Api(vertx, ids, faults, apiKeys, limits, keys, accounts, events, expansion, this::changed);
        List.<Consumer<Api>> of(accounts::routes, access::routes, customers::routes, products::routes, billing::routes,
                methods::routes,
                intents::routes, setups::routes, charges::routes, checkouts::routes, newCheckouts::routes,
                refunds::routes, transfers::routes,
                new Payouts(state, ids, clock, events, transactions, banks, payouts)::routes, topUps::routes,
                disputes::routes,
                reversals::routes, fees::routes, balances::routes, transactions::routes, events::routes)
                .forEach(noun -> noun.accept(api));
    }

    private @Nullable Object included(String account, JsonObject object, String field) {
        String kind = object.getString("object", "");
        if (kind.equals("charge") && field.equals("refunds")) {
            return charges.refundsOf(account, object);
        }
        return kind.equals("checkout.session") && field.equals("line_items") ? checkouts.lineItems(object)
                : billing.included(account, object, field);
    }

    /** Runs the actions that are due, and forgets what Stripe forgets. */
    void tick() {
        if (clock.tick()) {
            changed();
        }
        if (clock.seconds() >= nextSweep) {
            nextSweep = clock.seconds() + SWEEP_SECONDS;
            keys.forgetOld();
            events.forgetOld();
        }
    }

    void onChange(Runnable told) {
        changed = told;
    }

    void changed() {
        changed.run();
    }

    JsonObject save() {
        return Json.object("schema", SCHEMA, "ids", ids.save(), "clock", clock.save(), "state", state.save(), "outside",
                transactions.save(), "keys", keys.save(), "webhooks", webhooks.save());
    }

    void load(JsonObject saved) {
        if (saved.getInteger("schema", 0) != SCHEMA) {
            throw new IllegalStateException("The sandbox's state file is of another version; delete it to start afresh");
        }
        ids.load(saved.getJsonObject("ids"));
        clock.load(saved.getJsonObject("clock"));
        state.load(saved.getJsonObject("state"));
        transactions.load(saved.getJsonObject("outside"));
        keys.load(saved.getJsonObject("keys"));
        webhooks.load(saved.getJsonObject("webhooks"));
        settlement.catchUp();
    }

    String base() {
        return base;
    }

    State state() {
        return state;
    }

    VirtualClock clock() {
        return clock;
    }

    Faults faults() {
        return faults;
    }

    ApiKeys apiKeys() {
        return apiKeys;
    }

    RateLimits limits() {
        return limits;
    }

    Webhooks webhooks() {
        return webhooks;
    }

    Events events() {
        return events;
    }

    Books books() {
        return books;
    }

    Accounts accounts() {
        return accounts;
    }

    BalanceTransactions transactions() {
        return transactions;
    }

    Reserves reserves() {
        return reserves;
    }

    AccountAccess access() {
        return access;
    }

    PaymentMethods methods() {
        return methods;
    }

    Settlement settlement() {
        return settlement;
    }

    Confirmation confirmation() {
        return confirmation;
    }

    SetupIntents setups() {
        return setups;
    }

    CheckoutSessions checkouts() {
        return checkouts;
    }

    Billing billing() {
        return billing;
    }

    RefundOutcomes outcomes() {
        return outcomes;
    }

    PayoutOutcomes payouts() {
        return payouts;
    }

    RefundFunding funding() {
        return funding;
    }

    TopUps topUps() {
        return topUps;
    }

    DisputeOutcomes disputeOutcomes() {
        return disputeOutcomes;
    }

    Disputes disputes() {
        return disputes;
    }

    Api api() {
        return api;
    }
}
