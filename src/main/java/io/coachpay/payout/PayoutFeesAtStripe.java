package io.coachpay.payout;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.job.OneByOne;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAccounts;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.stripe.StripeTransfer;
import io.coachpay.stripe.StripeTransfers;

/**
 * Takes Stripe's fees for instant payouts from coaches' accounts: once for each payout that Stripe made. A payout that became
 * a standard one costs nothing. One that fails later keeps its fee, as Stripe does not give it back either.
 *
 * @see <a href="https://docs.stripe.com/connect/account-debits">Stripe: debit connected accounts</a>
 */
@ApplicationScoped
class PayoutFeesAtStripe {

    private static final Logger LOG = Logger.getLogger(PayoutFeesAtStripe.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

    private final Access access;
    private final PayoutFeeBooks books;
    private final StripeTransfers stripe;
    private final StripeAccounts accounts;
    private final IdempotentCalls once;
    private final Clock clock;
    private final Creation<Row, StripeTransfer> creation;

    PayoutFeesAtStripe(Access access, PayoutFeeBooks books, StripeTransfers stripe, StripeAccounts accounts,
            IdempotentCalls once,
            Clock clock) {
        this.access = access;
        this.books = books;
        this.stripe = stripe;
        this.accounts = accounts;
        this.once = once;
        this.clock = clock;
        this.creation = new Creation<>("payout", "fee", this::read, this::find, this::create, (row, made, asked) -> made.id(),
                this::nextAttempt);
    }

    /**
     * A payout as the row behind the transfer of its fee.
     *
     * @param account {@code acct_…}, from which it is taken
     */
    private record Row(Payout payout, String account) {
    }

    /**
     * Has Stripe take the fee of a payout, if one is due. It is retried while Stripe is away or the account lacks funds. A fee
     * that Stripe refuses is borne by the platform, and is a finding. Calls Stripe, so no database transaction may be open.
     */
    void take(UUID id) {
        if (!access.asService(() -> Payout.known(id).feeIsDue())) {
            return;
        }
        IdempotentCalls.Making<Row, StripeTransfer> making = new IdempotentCalls.Making<>(creation, id);
        try {
            StripeTransfer made = once.ensure(making).fresh();
            if (made != null) {
                access.runAsService(() -> books.taken(id, made));
            }
        } catch (StripeAway | StripeRefused.KeyInUse | StripeRefused.RateLimited later) {
            LOG.warnf("The fee of payout %s is retried later: %s", id, later.getMessage());
        } catch (StripeRefused.InsufficientBalance notYet) {
            access.runAsService(() -> books.waitForFunds(id, making.attempt(), notYet));
        } catch (StripeRefused refused) {
            access.runAsService(() -> books.refuse(id, making.attempt(), refused));
        }
    }

    /** Retries fees that are due, so many at most. */
    void check(int most) {
        OneByOne.forEachIsolated(access.asService(() -> due(most)), id -> {
            access.runAsService(() -> Payout.held(id).fee().checkNext(clock.instant().plus(BETWEEN_LOOKS)));
            take(id);
        });
    }

    /** Lists payouts whose fee is due by now. A coach who begins another account has no account to take it from. */
    private List<UUID> due(int most) {
        return Payout.find("select id from Payout where fee.checkAt <= ?1 and fee.amount > 0"
                + " and progress.stripeId is not null and fee.transferId is null and fee.refusal is null"
                + " and connectedAccountId in (select id from ConnectedAccount where connection.stripeId is not null)"
                + " order by fee.checkAt", clock.instant()).project(UUID.class).page(0, most).list();
    }

    // ---- taking a fee at Stripe; take() records the answers

    private StripeBacked<Row> read(UUID id) {
        return access.asService(() -> {
            Payout payout = Payout.known(id);
            return new StripeBacked<>(new Row(payout, payout.stripeAccount()), id, payout.fee().transferId(),
                    payout.fee().attempt(), payout.createdAt());
        });
    }

    private Optional<StripeTransfer> find(Row row) {
        return stripe.listDebits(row.account(), row.payout().createdAt()).stream()
                .filter(found -> found.isOf(row.payout().id())).findFirst();
    }

    private Optional<StripeTransfer> create(Row row, String key) {
        return Optional.of(stripe.debit(new StripeTransfers.NewDebit(row.payout().id(), row.account(), row.payout().feeAmount(),
                accounts.platformId()), key));
    }

    private void nextAttempt(UUID id, int after) {
        access.runAsService(() -> Payout.held(id).fee().nextAttempt(after));
    }
}
