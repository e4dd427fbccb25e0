package io.coachpay.credit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.ledger.CreditPostings;
import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Wallet;
import io.coachpay.ledger.Wallets;
import io.coachpay.money.Credits;
import io.coachpay.payment.PaymentAttempt.Method;
import io.coachpay.payment.PaymentMetadata;
import io.coachpay.payment.PaymentOrder;
import io.coachpay.payment.Purpose;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionBooks;
import io.coachpay.subscription.Entitlements;

/**
 * Writes purchases of credits, payments with them, and adjustments. Every verb joins a database transaction; none calls Stripe.
 */
@ApplicationScoped
public class CreditBooks {

    /** The page ends first. */
    private static final Duration PURCHASE_LIVES = Duration.ofHours(1);

    private static final String OPEN = """
            select t.id, t.package_id, c.status in ('requested', 'open') as payable
              from checkout_sessions c join transactions t on t.id = c.transaction_id
             where c.user_id = ? and c.reserved_credits > 0""";
    private static final String ADJUSTED = "select id from credit_adjustments where id = ?";
    private static final String ADJUST = """
            insert into credit_adjustments (id, user_id, amount, currency, reason, adjusted_by, journal_id)
            values (?, ?, ?, ?, ?, ?, ?)""";

    private final Capacity capacity;
    private final Entitlements entitlements;
    private final TransactionBooks payments;
    private final Wallets wallets;
    private final Ledger ledger;
    private final Rows rows;
    private final CreditSettings settings;
    private final Clock clock;

    CreditBooks(Capacity capacity, Entitlements entitlements, TransactionBooks payments, Wallets wallets, Ledger ledger,
            DataSource database, CreditSettings settings, Clock clock) {
        this.capacity = capacity;
        this.entitlements = entitlements;
        this.payments = payments;
        this.wallets = wallets;
        this.ledger = ledger;
        this.rows = new Rows(database);
        this.settings = settings;
        this.clock = clock;
    }

    /** A purchase that keeps a part of the capacity. */
    private record Open(UUID payment, UUID packageId, boolean payable) {
    }

    /**
     * Reserves the credits of a package, and the bonus of the buyer's plan, and records the payment for them. Or finds the
     * payment of the same package whose page is open, as it was agreed.
     *
     * @throws CreditRefused.TooManyOpenCheckouts when the user has as many open as one may (409)
     * @throws CreditRefused.CapacityExceeded where the platform's limit has no room for them (409)
     */
    @Transactional(TxType.MANDATORY)
    Transaction begin(UUID user, String customer, CreditPackage bought, @Nullable String product, PaymentMetadata metadata,
            TransactionBooks.ReturnUrls urls, boolean saveCard) {
        PaymentOrder.Package agreed = new PaymentOrder.Package(bought.id(), bought.name(), bought.credits(),
                entitlements.benefitsOf(user).creditBonusPercentage(), product, settings.delayedMethods());
        capacity.lock();
        List<Open> open = rows.query(OPEN,
                row -> new Open(row.getObject("id", UUID.class), row.getObject("package_id", UUID.class),
                        row.getBoolean("payable")),
                user);
        Optional<Open> same = open.stream().filter(one -> one.payable() && one.packageId().equals(bought.id())).findFirst();
        if (same.isPresent()) {
            return Transaction.findById(same.get().payment());
        }
        if (open.size() >= settings.openCheckouts()) {
            throw new CreditRefused.TooManyOpenCheckouts(settings.openCheckouts());
        }
        capacity.require(agreed.all());
        PaymentOrder order = new PaymentOrder(Purpose.CREDIT_PURCHASE, bought.id(), user, bought.price(), null,
                clock.instant().plus(PURCHASE_LIVES), bought.name(), metadata, agreed, saveCard);
        return payments.begin(order, Method.CHECKOUT, customer, null, urls);
    }

    /**
     * Pays an order with its payer's credits. Its subject is locked.
     *
     * @throws CreditRefused.OtherCurrency for a price in another currency than credits are worth (422)
     * @throws CreditRefused.InDebt while the payer owes credits (409)
     * @throws CreditRefused.Insufficient when the wallet holds too few (422)
     */
    @Transactional(TxType.MANDATORY)
    public Transaction spend(PaymentOrder order) {
        require(wallets.hold(order.payerId()), order.price());
        return payments.payWithCredits(order);
    }

    /**
     * Refuses what a user's credits do not pay, before anything is ended for it. It may change until they are spent.
     *
     * @throws CreditRefused as {@link #spend} does
     */
    @Transactional(TxType.MANDATORY)
    public void requireSpendable(UUID user, Money price) {
        require(wallets.of(user), price);
    }

    private static void require(Wallet wallet, Money price) {
        if (!price.getCurrencyUnit().equals(Credits.CURRENCY)) {
            throw new CreditRefused.OtherCurrency(price.getCurrencyUnit());
        }
        if (wallet.debt().isPositive()) {
            throw new CreditRefused.InDebt(wallet.debt());
        }
        Credits missing = Credits.of(price).minus(wallet.balance());
        if (missing.isPositive()) {
            throw new CreditRefused.Insufficient(missing);
        }
    }

    /**
     * Gives credits to a user, or takes them, once for an id.
     *
     * @param credits signed, not zero
     * @throws CreditRefused.AdjustmentTooLarge for more than one call may move (422)
     * @throws CreditRefused.ExceedsBalance when the wallet holds fewer than are to be taken (422)
     */
    @Transactional(TxType.MANDATORY)
    void adjust(UUID id, UUID user, Credits credits, String reason, UUID by) {
        Credits most = Credits.of(settings.largestAdjustment());
        if (credits.compareTo(most) > 0 || credits.negated().compareTo(most) > 0) {
            throw new CreditRefused.AdjustmentTooLarge(most);
        }
        Wallet wallet = wallets.hold(user);
        if (!rows.query(ADJUSTED, row -> true, id).isEmpty()) {
            return;
        }
        if (wallet.balance().plus(credits).isNegative()) {
            throw new CreditRefused.ExceedsBalance(wallet.balance());
        }
        Instant now = clock.instant();
        Journal journal = CreditPostings.creditsAdjusted(id.toString(), user, credits, wallet, now);
        ledger.post(journal);
        rows.update(ADJUST, id, user, credits.amount(), Credits.CURRENCY.getCode(), reason, by, journal.id());
    }
}
