package io.coachpay.refund;

import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;
import io.coachpay.payment.Transaction;

/** What administrators decide about refunds that wait, or that Stripe refused. */
@ApplicationScoped
class RefundDecisions {

    private final Access access;
    private final Refunds refunds;
    private final RefundAttempts attempts;
    private final Clock clock;

    RefundDecisions(Access access, Refunds refunds, RefundAttempts attempts, Clock clock) {
        this.access = access;
        this.refunds = refunds;
        this.attempts = attempts;
        this.clock = clock;
    }

    /** One more than a page, of everybody's, newest first. */
    List<Refund> all(Refund.@Nullable Status status, Paging paging) {
        return access.asAdmin(() -> Refund.newest(status, paging.before(), paging.limit() + 1));
    }

    /**
     * Asks Stripe for it once more.
     *
     * @throws RefundRefused when Stripe has it, or it no longer fits what is left of the payment
     */
    Refund retry(Reference reference) {
        UUID me = access.userId();
        UUID id = decide(reference, refund -> refund.retry(me, clock.instant()));
        attempts.advance(id);
        return refunds.answer(id);
    }

    /**
     * Has the platform alone pay it, and asks Stripe for that.
     *
     * @throws RefundRefused when Stripe has it, is being asked for it, or it no longer fits what is left of the payment
     */
    Refund platformPays(Reference reference) {
        UUID me = access.userId();
        UUID id = decide(reference, refund -> refund.platformPays(me, clock.instant()));
        attempts.advance(id);
        return refunds.answer(id);
    }

    /**
     * Asks for it no more; what it holds of the payment is free again, and what it was to bring is no longer due.
     *
     * @throws RefundRefused when Stripe has it, or it is withdrawn already
     */
    Refund withdraw(Reference reference) {
        UUID me = access.userId();
        UUID id = looked(reference).id();
        refunds.withdraw(id, me);
        return refunds.answer(id);
    }

    /** Stripe may have made it without our knowing: that is found out first. */
    private Refund looked(Reference reference) {
        Refund named = access.asAdmin(() -> Refund.named(reference).orElseThrow(() -> new NotFound("refund")));
        attempts.find(named);
        return named;
    }

    private UUID decide(Reference reference, Consumer<Refund> decision) {
        Refund named = looked(reference);
        access.runAsService(() -> {
            Transaction transaction = Transaction.locked(named.transactionId()).orElseThrow();
            Refund refund = Refund.locked(named.id()).orElseThrow();
            refunds.requireRoom(transaction, refund);
            decision.accept(refund);
        });
        return named.id();
    }
}
