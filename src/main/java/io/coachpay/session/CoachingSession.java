package io.coachpay.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Transitions;
import io.coachpay.money.Split;
import io.coachpay.payment.PaymentRefused;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/**
 * A booked time of a coach, from its unpaid hold to its end. Who meets when, at which price and on which terms is never
 * updated; state, hold, payment and end are.
 */
@Entity
@Table(name = "sessions")
public class CoachingSession extends PanacheEntityBase {

    @Id
    private UUID id;
    @Column(name = "mentee_id", updatable = false)
    private UUID menteeId;
    @Column(name = "coach_id", updatable = false)
    private UUID coachId;
    @Enumerated(EnumType.STRING)
    private SessionStatus status;
    @Embedded
    private Slot slot;
    @Embedded
    private SessionPrice price;
    @Embedded
    private PaymentStanding payment;
    @Embedded
    private CancellationPolicy cancellationPolicy;
    @Column(name = "cancelled_at")
    private @Nullable Instant cancelledAt;
    @Enumerated(EnumType.STRING)
    @Column(name = "cancelled_by")
    private @Nullable Party cancelledBy;
    @Column(name = "completed_at")
    private @Nullable Instant completedAt;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected CoachingSession() {
    }

    /** Creates a booking that waits for its payment, and holds the slot until then. */
    @SuppressWarnings("NullAway.Init")
    static CoachingSession book(UUID id, Booking booking, SessionSettings settings, Instant now) {
        CoachingSession session = new CoachingSession();
        session.id = id;
        session.menteeId = booking.menteeId();
        session.coachId = booking.coachId();
        session.status = SessionStatus.PENDING_PAYMENT;
        session.slot = new Slot(booking.startsAt(), Duration.ofMinutes(booking.minutes()), now.plus(settings.hold()));
        session.price = SessionPrice.of(booking);
        session.payment = new PaymentStanding();
        session.cancellationPolicy = new CancellationPolicy(settings.freeCancellationHours(),
                settings.lateCancellationRefundPercentage());
        session.createdAt = now;
        return session;
    }

    /** Confirms it once it is paid. */
    void confirm(@Nullable String paymentIntent) {
        status = Transitions.require("session", status, SessionStatus.CONFIRMED);
        payment.paidBy(paymentIntent);
        slot.keep();
    }

    /** Ends it unpaid; the slot is free again. */
    void expire() {
        status = Transitions.require("session", status, SessionStatus.EXPIRED);
    }

    void cancel(Party by, Instant now) {
        requireCancellable(by, now);
        status = Transitions.require("session", status, SessionStatus.CANCELLED);
        cancelledAt = now;
        cancelledBy = by;
        slot.keep();
    }

    /** Records that it took place. */
    void complete(Instant now) {
        end(SessionStatus.COMPLETED, now);
    }

    /** Records that the mentee did not come, which is paid like a session that took place. */
    void missed(Instant now) {
        end(SessionStatus.NO_SHOW, now);
    }

    private void end(SessionStatus how, Instant now) {
        if (status != SessionStatus.CONFIRMED) {
            throw new SessionRefused.NotConfirmed(status);
        }
        if (slot.startsAt().isAfter(now)) {
            throw new SessionRefused.NotBegun();
        }
        status = Transitions.require("session", status, how);
        completedAt = now;
    }

    /** Extends the hold for as long as a payment may take, at most to {@link #holdEnds}. */
    void holdUntil(Instant end, Duration longestHold) {
        slot.holdUntil(end.isAfter(holdEnds(longestHold)) ? holdEnds(longestHold) : end);
    }

    /** The latest end of the hold, however many payments are begun; it cannot be paid after that. */
    Instant holdEnds(Duration longestHold) {
        return slot.noLaterThanStart(createdAt.plus(longestHold));
    }

    /**
     * Requires that it can be paid.
     *
     * @throws PaymentRefused.AlreadyPaid when it is paid
     * @throws SessionRefused.BegunUnpaid from its start on
     * @throws SessionRefused.Expired when its hold is over
     * @throws SessionRefused.NotPayable in any other state
     */
    void requirePayable(Instant now) {
        switch (status) {
            case PENDING_PAYMENT -> {
                if (!slot.startsAt().isAfter(now)) {
                    throw new SessionRefused.BegunUnpaid();
                }
                if (slot.isHoldOver(now)) {
                    throw new SessionRefused.Expired();
                }
            }
            case EXPIRED -> throw new SessionRefused.Expired();
            case CONFIRMED, COMPLETED, NO_SHOW -> throw new PaymentRefused.AlreadyPaid();
            case CANCELLED -> throw new SessionRefused.NotPayable(status);
        }
    }

    /**
     * Requires that this party can cancel it.
     *
     * @throws SessionRefused.NotCancellable in a final state
     * @throws SessionRefused.Begun for a mentee after the start
     */
    void requireCancellable(Party by, Instant now) {
        if (!status.next().contains(SessionStatus.CANCELLED)) {
            throw new SessionRefused.NotCancellable(status);
        }
        if (by == Party.MENTEE && !slot.startsAt().isAfter(now)) {
            throw new SessionRefused.Begun();
        }
    }

    boolean hasBegun(@Nullable Instant by) {
        return by != null && slot.startsAt().isBefore(by);
    }

    /** The refund if this party cancels it now and all of it was paid: only a mentee may lose a part. */
    Money refundTo(Party by, Instant now) {
        Money paid = split().price();
        return by == Party.MENTEE ? cancellationPolicy.refund(paid, slot.startsAt(), now) : paid;
    }

    /** Price, fee and payout as frozen at booking. */
    Split split() {
        return price.split();
    }

    /** The origin of the fee: the coach's own, or the coach's plan. */
    FeeSource feeSource() {
        return price.feeSource();
    }

    public UUID id() {
        return id;
    }

    UUID menteeId() {
        return menteeId;
    }

    UUID coachId() {
        return coachId;
    }

    public SessionStatus status() {
        return status;
    }

    Slot slot() {
        return slot;
    }

    /** The state of its payment as the session shows it. */
    PaymentStanding payment() {
        return payment;
    }

    @Nullable
    Instant cancelledAt() {
        return cancelledAt;
    }

    @Nullable
    String cancelledBy() {
        return cancelledBy == null ? null : cancelledBy.column();
    }

    @Nullable
    Instant completedAt() {
        return completedAt;
    }

    /** Finds it and locks it until the database transaction ends. A caller that locks its payment too locks that first. */
    static Optional<CoachingSession> locked(UUID id) {
        return Optional.ofNullable(findById(id, LockModeType.PESSIMISTIC_WRITE));
    }

    /** Locks and loads several in the order of their ids. */
    static void lock(Set<UUID> ids) {
        if (!ids.isEmpty()) {
            find("id in ?1 order by id", ids).withLock(LockModeType.PESSIMISTIC_WRITE).list();
        }
    }
}
