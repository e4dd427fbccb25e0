package io.coachpay.transfer;

import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionQueries;

/** The door to transfer requests for administrators: listing them, and deciding about those that wait or were refused. */
@ApplicationScoped
class TransferRequests {

    private final Access access;
    private final TransferRequestBooks books;
    private final CreditTransfers credits;
    private final TransfersAtStripe atStripe;
    private final Clock clock;

    TransferRequests(Access access, TransferRequestBooks books, CreditTransfers credits, TransfersAtStripe atStripe,
            Clock clock) {
        this.access = access;
        this.books = books;
        this.credits = credits;
        this.atStripe = atStripe;
        this.clock = clock;
    }

    /**
     * Asks Stripe again for a request that waits or was refused; Stripe is searched for it first.
     *
     * @throws TransferRequestRefused when it is over, or another one has the same purpose
     */
    TransferRequest retry(Reference reference) {
        UUID me = access.userId();
        UUID id = decide(reference, (payment, step) -> {
            if (TransferRequest.of(step.transactionId()).stream()
                    .anyMatch(other -> other.isOpen() && other.asksTheSameAs(step))) {
                throw new TransferRequestRefused.Replaced();
            }
            step.retry(me, clock.instant());
            boolean outdated = step.purpose() == TransferRequest.Purpose.CREDIT_SESSION
                    && !credits.isDue(payment, step.amount());
            return outdated ? credits.requestAgain(payment, step) : step.id();
        });
        atStripe.advance(id);
        return read(id);
    }

    /**
     * Withdraws a request that Stripe has not made; Stripe is searched for it first.
     *
     * @throws TransferRequestRefused when it is over
     */
    TransferRequest withdraw(Reference reference) {
        UUID me = access.userId();
        return read(decide(reference, (payment, step) -> {
            books.withdraw(payment, step, me);
            return step.id();
        }));
    }

    /** Returns the request that there is to ask Stripe for after the decision. */
    private UUID decide(Reference reference, BiFunction<Transaction, TransferRequest, UUID> decision) {
        TransferRequest named = access.asAdmin(() -> reference.find(
                id -> TransferRequest.<TransferRequest> findByIdOptional(id),
                stripeId -> TransferRequest.<TransferRequest> find("progress.stripeId", stripeId).firstResultOptional())
                .orElseThrow(() -> new NotFound("step")));
        if (named.stripeId() == null) {
            atStripe.find(named.id());
        }
        return access.asService(() -> {
            Transaction payment = TransactionQueries.locked(named.transactionId()).orElseThrow();
            return decision.apply(payment, TransferRequest.locked(named.id()).orElseThrow());
        });
    }

    private TransferRequest read(UUID id) {
        return access.asService(() -> TransferRequest.findById(id));
    }

    /** Returns one more than a page, of all coaches, those of the newest payments first. */
    List<TransferRequest> all(@Nullable TransferRequestStatus status, Paging paging) {
        UUID before = paging.before();
        return access.asAdmin(() -> (status == null ? TransferRequest.find("id < ?1 order by id desc", before)
                : TransferRequest.find("progress.status = ?1 and id < ?2 order by id desc", status, before))
                .<TransferRequest> page(0, paging.limit() + 1).list());
    }
}
