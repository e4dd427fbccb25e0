package io.coachpay.payout;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.coach.ConnectedAccount;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripePayout;
import io.coachpay.stripe.StripePayouts;

/**
 * A payout at Stripe, made once for its row. What Stripe answers is kept here, and written down by
 * {@link PayoutBooks#conclude}.
 */
final class MakingPayout implements IdempotentCalls.Creation {

    private final UUID id;
    private final Access access;
    private final StripePayouts stripe;
    private Payout payout;
    private String account;
    private @Nullable StripePayout made;

    private boolean fresh;

    @SuppressWarnings("NullAway.Init") // progress() is always asked first
    MakingPayout(UUID id, Access access, StripePayouts stripe) {
        this.id = id;
        this.access = access;
        this.stripe = stripe;
    }

    /** Of a row that was written just now, and needs not be read to begin with. */
    MakingPayout(Payout payout, String account, Access access, StripePayouts stripe) {
        this.id = payout.id();
        this.access = access;
        this.stripe = stripe;
        this.payout = payout;
        this.account = account;
        this.fresh = true;
    }

    @Override
    public IdempotentCalls.Progress progress() {
        if (made != null) {
            return new IdempotentCalls.Progress(made.id(), payout.attempt(), payout.createdAt());
        }
        if (!fresh) {
            access.runAsService(() -> {
                payout = Payout.known(id);
                account = stripeAccount(payout);
            });
        }
        fresh = false;
        return new IdempotentCalls.Progress(payout.stripeId(), payout.attempt(), payout.createdAt());
    }

    @Override
    public boolean find() {
        made = stripe.list(account, payout.createdAt()).stream().filter(found -> found.isOf(id)).findFirst().orElse(null);
        return made != null;
    }

    @Override
    public void create(int attempt) {
        StripePayouts.NewPayout wanted = new StripePayouts.NewPayout(id, payout.amount(), payout.instant());
        made = stripe.create(account, wanted, "payout:" + id + ":create:" + attempt);
    }

    @Override
    public void nextAttempt(int after) {
        access.runAsService(() -> {
            Payout row = Payout.held(id);
            if (row.attempt() == after) {
                row.spendKey();
            }
        });
    }

    UUID id() {
        return id;
    }

    /** The row, as it was when it was last read. */
    Payout payout() {
        return payout;
    }

    /** {@code acct_…}, where the payout leaves from. */
    String account() {
        return account;
    }

    /** The payout as Stripe has it now: just made, or asked for. */
    StripePayout told(String stripeId) {
        return made == null ? stripe.retrieve(account, stripeId) : made;
    }

    /** {@code acct_…}, where it leaves from. */
    static String stripeAccount(Payout payout) {
        String account = ConnectedAccount.<ConnectedAccount> findById(payout.connectedAccountId()).stripeId();
        if (account == null) {
            throw new IllegalStateException("Payout " + payout.id() + " is of an account that Stripe never had");
        }
        return account;
    }
}
