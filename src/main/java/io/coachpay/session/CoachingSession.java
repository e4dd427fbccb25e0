package io.coachpay.session;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.EnumeratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Transitions;
import io.coachpay.money.Split;
import io.coachpay.payment.PaymentRefused;
import io.coachpay.payment.Transaction;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** One booked hour (or less, or more) of a coach's time. */
@Entity
@Table(name = "sessions")
public class CoachingSession extends PanacheEntityBase {

    /** Where a session stands. */
    public enum Status implements Transitions<Status> {
        PENDING_PAYMENT("pending_payment"),
        CONFIRMED("confirmed"),
        COMPLETED("completed"),
        CANCELLED("cancelled"),
        NO_SHOW("no_show"),
        EXPIRED("expired");

        @EnumeratedValue
        private final String column;

        Status(String column) {
            this.column = column;
        }

        @Override
        public Set<Status> next() {
            return switch (this) {
                case PENDING_PAYMENT -> EnumSet.of(CONFIRMED, CANCELLED, EXPIRED);
                case EXPIRED -> EnumSet.of(CONFIRMED);
                case CONFIRMED -> EnumSet.of(COMPLETED, CANCELLED, NO_SHOW);
                case COMPLETED, CANCELLED, NO_SHOW -> EnumSet.noneOf(Status.class);
            };
        }

        @Override
        public String column() {
            return column;
        }
    }

    private static final String DISPUTED = "disputed";
    private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final String ONE_AFTER_THE_OTHER = "select pg_advisory_xact_lock(hashtextextended(?1, 0))";
    private static final String SLOT_FREE = """
            select not exists (select from sessions
                                where coach_id = ?1 and live and tstzrange(starts_at, ends_at) && tstzrange(?2, ?3))""";
    private static final String ENDED = """
            select * from sessions where status = 'confirmed' and ends_at <= ?1
             order by ends_at limit ?2 for update skip locked""";

    @Id
    private UUID id;
    @Column(name = "mentee_id")
    private UUID menteeId;
    @Column(name = "coach_id")
    private UUID coachId;
    @Column(name = "starts_at")
    private Instant startsAt;
    @Column(name = "ends_at")
    private Instant endsAt;
    @Enumerated(EnumType.STRING)
    private Status status;
    @Embedded
    private SessionPrice price;
    @Column(name = "payment_status")
    private String paymentStatus;
    @Column(name = "stripe_payment_intent_id")
    private @Nullable String stripePaymentIntentId;
    @Column(name = "hold_expires_at")
    private @Nullable Instant holdExpiresAt;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;
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

    /** A booking that waits for its payment, and holds the slot until then. */
    @SuppressWarnings("NullAway.Init")
    static CoachingSession book(UUID id, Booking booking, SessionSettings settings, Instant now) {
        CoachingSession session = new CoachingSession();
        session.id = id;
        session.menteeId = booking.menteeId();
        session.coachId = booking.coachId();
        session.startsAt = booking.startsAt();
        session.endsAt = booking.startsAt().plus(Duration.ofMinutes(booking.minutes()));
        session.status = Status.PENDING_PAYMENT;
        session.price = SessionPrice.of(booking);
        session.paymentStatus = "pending";
        session.holdExpiresAt = session.noLaterThanTheStart(now.plus(settings.hold()));
        session.cancellationPolicy = new CancellationPolicy(settings.freeCancellationHours(),
                settings.lateCancellationRefundPercentage());
        session.createdAt = now;
        return session;
    }

    // ---- what happens to it

    /** It is paid: it takes place. */
    void confirm(@Nullable String paymentIntent) {
        status = Transitions.require("session", status, Status.CONFIRMED);
        stripePaymentIntentId = paymentIntent;
        holdExpiresAt = null;
    }

    /** Nobody paid in time: the slot is free again. */
    void expire() {
        status = Transitions.require("session", status, Status.EXPIRED);
    }

    /** It does not take place. */
    void cancel(Party by, Instant now) {
        requireCancellable(by, now);
        status = Transitions.require("session", status, Status.CANCELLED);
        cancelledAt = now;
        cancelledBy = by;
        holdExpiresAt = null;
    }

    /** It took place. */
    void complete(Instant now) {
        end(Status.COMPLETED, now);
    }

    /** The mentee did not come; for the money it took place all the same. */
    void missed(Instant now) {
        end(Status.NO_SHOW, now);
    }

    private void end(Status how, Instant now) {
        if (status != Status.CONFIRMED) {
            throw new SessionRefused.NotConfirmed(status);
        }
        if (startsAt.isAfter(now)) {
            throw new SessionRefused.NotBegun();
        }
        status = Transitions.require("session", status, how);
        completedAt = now;
    }

    /**
     * A payment has begun, and the slot is held as long as it may take; at the start, or after the longest hold, what is not
     * paid is over.
     */
    void holdUntil(Instant end, Duration longestHold) {
        Instant until = end.isAfter(holdEnds(longestHold)) ? holdEnds(longestHold) : end;
        if (holdExpiresAt == null || holdExpiresAt.isBefore(until)) {
            holdExpiresAt = until;
            checkAt = null;
        }
    }

    /** When it can be paid no more, however often a payment was begun: the hold's absolute end. */
    Instant holdEnds(Duration longestHold) {
        return noLaterThanTheStart(createdAt.plus(longestHold));
    }

    private Instant noLaterThanTheStart(Instant end) {
        return end.isAfter(startsAt) ? startsAt : end;
    }

    /** Ending the hold, which is over, is about to be tried; the longer that has been in vain, the later it is tried again. */
    void tryToExpire(Instant now) {
        Duration over = holdExpiresAt == null ? Duration.ZERO : Duration.between(holdExpiresAt, now);
        Duration pause = over.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE
                : over.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : over;
        checkAt = now.plus(pause);
    }

    /** Its payment stands so; what is disputed stays that until the dispute says otherwise. */
    void paymentIs(Transaction.Status of) {
        if (!paymentStatus.equals(DISPUTED)) {
            paymentStatus = word(of);
        }
    }

    /**
     * Its payment is disputed, or not any more.
     *
     * @param held whether the payer's bank has money of it, for now or for good
     * @param payment how the payment itself stands
     */
    void disputed(boolean held, Transaction.Status payment) {
        paymentStatus = held ? DISPUTED : word(payment);
    }

    private static String word(Transaction.Status payment) {
        return payment == Transaction.Status.COMPLETED ? "paid" : payment.column();
    }

    /**
     * Refuses what cannot be paid (any more).
     *
     * @throws PaymentRefused.AlreadyPaid when it is paid
     * @throws SessionRefused.BegunUnpaid from its start on
     * @throws SessionRefused.Expired when its hold is over
     * @throws SessionRefused.NotPayable in any other state
     */
    void requirePayable(Instant now) {
        switch (status) {
            case PENDING_PAYMENT -> {
                if (!startsAt.isAfter(now)) {
                    throw new SessionRefused.BegunUnpaid();
                }
                if (isHoldOver(now)) {
                    throw new SessionRefused.Expired();
                }
            }
            case EXPIRED -> throw new SessionRefused.Expired();
            case CONFIRMED, COMPLETED, NO_SHOW -> throw new PaymentRefused.AlreadyPaid();
            case CANCELLED -> throw new SessionRefused.NotPayable(status);
        }
    }

    /**
     * Refuses to cancel what is over.
     *
     * @throws SessionRefused.NotCancellable in a state that nothing follows
     * @throws SessionRefused.Begun for a mentee after the start
     */
    void requireCancellable(Party by, Instant now) {
        if (!status.next().contains(Status.CANCELLED)) {
            throw new SessionRefused.NotCancellable(status);
        }
        if (by == Party.MENTEE && !startsAt.isAfter(now)) {
            throw new SessionRefused.Begun();
        }
    }

    boolean hasBegun(@Nullable Instant by) {
        return by != null && startsAt.isBefore(by);
    }

    boolean isHoldOver(Instant now) {
        return holdExpiresAt != null && !holdExpiresAt.isAfter(now);
    }

    // ---- what it is

    public UUID id() {
        return id;
    }

    UUID menteeId() {
        return menteeId;
    }

    UUID coachId() {
        return coachId;
    }

    Instant startsAt() {
        return startsAt;
    }

    Instant endsAt() {
        return endsAt;
    }

    public Status status() {
        return status;
    }

    String paymentStatus() {
        return paymentStatus;
    }

    @Nullable
    Instant holdExpiresAt() {
        return holdExpiresAt;
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

    /** What goes back when this party cancels it now, if all of it was paid: only a mentee may lose some. */
    Money refundTo(Party by, Instant now) {
        Money paid = split().price();
        return by == Party.MENTEE ? cancellationPolicy.refund(paid, startsAt, now) : paid;
    }

    /** Price, fee and payout as frozen at booking. */
    Split split() {
        return price.split();
    }

    // ---- where it is found

    /** The session, locked until the end of the transaction. Whoever locks its payment too has locked that first. */
    static Optional<CoachingSession> locked(UUID id) {
        return Optional.ofNullable(findById(id, LockModeType.PESSIMISTIC_WRITE));
    }

    static List<CoachingSession> asMentee(UUID userId, @Nullable Status status, UUID before, int most) {
        return side("menteeId", userId, status, before, most);
    }

    static List<CoachingSession> asCoach(UUID userId, @Nullable Status status, UUID before, int most) {
        return side("coachId", userId, status, before, most);
    }

    private static List<CoachingSession> side(String column, UUID userId, @Nullable Status status, UUID before, int most) {
        if (status == null) {
            return CoachingSession.<CoachingSession> find(column + " = ?1 and id < ?2 order by id desc", userId, before)
                    .page(0, most)
                    .list();
        }
        return CoachingSession
                .<CoachingSession> find(column + " = ?1 and id < ?2 and status = ?3 order by id desc", userId, before,
                        status)
                .page(0, most).list();
    }

    /** Confirmed ones that ended before then, locked, without those that somebody is just changing. */
    static List<CoachingSession> endedBefore(Instant then, int most) {
        return getEntityManager().createNativeQuery(ENDED, CoachingSession.class).setParameter(1, then).setParameter(2, most)
                .getResultStream().map(CoachingSession.class::cast).toList();
    }

    /** Holds back whoever books this coach until the end of the transaction: checks of an exclusion constraint may deadlock. */
    static void lockTimesOf(UUID coachId) {
        getEntityManager().createNativeQuery(ONE_AFTER_THE_OTHER).setParameter(1, coachId.toString()).getSingleResult();
    }

    /**
     * Holds back whoever books for this mentee until the end of the transaction. Taken after the coach's times, never before.
     */
    static void lockHoldsOf(UUID menteeId) {
        getEntityManager().createNativeQuery(ONE_AFTER_THE_OTHER).setParameter(1, "holds " + menteeId).getSingleResult();
    }

    /** How many slots the mentee holds without having paid for them. */
    static long openHoldsOfMentee(UUID menteeId) {
        return count("menteeId = ?1 and status = PENDING_PAYMENT", menteeId);
    }

    /** How many of the coach's slots are held by people who have not paid for them. */
    static long openHoldsOfCoach(UUID coachId) {
        return count("coachId = ?1 and status = PENDING_PAYMENT", coachId);
    }

    /** Whether the coach has nothing else at that time; the caller has locked the coach's times. */
    boolean isSlotFree() {
        return (boolean) getEntityManager().createNativeQuery(SLOT_FREE, Boolean.class).setParameter(1, coachId)
                .setParameter(2, startsAt).setParameter(3, endsAt).getSingleResult();
    }

    static List<UUID> withHoldOver(Instant now, int most) {
        return find(
                "select id from CoachingSession where status = PENDING_PAYMENT and coalesce(checkAt, holdExpiresAt) <= ?1 order by coalesce(checkAt, holdExpiresAt)",
                now).project(UUID.class).page(0, most).list();
    }
}
