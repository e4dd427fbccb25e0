package io.coachpay.payout;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAccounts;
import io.coachpay.stripe.StripeTransfer;
import io.coachpay.stripe.StripeTransfers;

/**
 * The transfer of a payout's fee from the coach's account to the platform's, made once for its row. What Stripe answers is kept
 * here, and written down by {@link PayoutFees}.
 */
final class TakingFee implements IdempotentCalls.Creation {

    private final UUID id;
    private final Access access;
    private final StripeTransfers stripe;
    private final StripeAccounts accounts;
    private Payout payout;
    private String account;
    private @Nullable StripeTransfer made;

    @SuppressWarnings("NullAway.Init") // progress() is always asked first
    TakingFee(UUID id, Access access, StripeTransfers stripe, StripeAccounts accounts) {
        this.id = id;
        this.access = access;
        this.stripe = stripe;
        this.accounts = accounts;
    }

    @Override
    public IdempotentCalls.Progress progress() {
        access.runAsService(() -> {
            payout = Payout.known(id);
            account = MakingPayout.stripeAccount(payout);
        });
        return new IdempotentCalls.Progress(made == null ? payout.fee().transferId() : made.id(), payout.fee().attempt(),
                payout.createdAt());
    }

    @Override
    public boolean find() {
        made = stripe.listDebits(account, payout.createdAt()).stream().filter(found -> found.isOf(id)).findFirst().orElse(null);
        return made != null;
    }

    @Override
    public void create(int attempt) {
        StripeTransfers.NewDebit wanted = new StripeTransfers.NewDebit(id, account, payout.feeAmount(), accounts.platformId());
        made = stripe.debit(wanted, "payout:" + id + ":fee:" + attempt);
    }

    @Override
    public void nextAttempt(int after) {
        access.runAsService(() -> {
            Payout row = Payout.held(id);
            if (row.fee().attempt() == after) {
                row.fee().spendKey();
            }
        });
    }

    /** The attempt that was made last. */
    int attempt() {
        return payout.fee().attempt();
    }

    /** What Stripe made or had; null where somebody else has noted it. */
    @Nullable
    StripeTransfer made() {
        return made;
    }
}
