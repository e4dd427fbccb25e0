package io.coachpay.session;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Constraints;
import io.coachpay.access.Ids;
import io.coachpay.coach.BookableCoach;
import io.coachpay.coach.Coaches;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.http.RequestKey;
import io.coachpay.money.Price;
import io.coachpay.money.Split;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.subscription.Entitlements;
import io.quarkus.hibernate.orm.panache.PanacheQuery;

/** The door to sessions: books and shows them, and shows taken times. */
@ApplicationScoped
public class Sessions {

    private static final String BUSY = """
            select starts_at, ends_at from busy_times
             where coach_id = ?1 and tstzrange(starts_at, ends_at) && tstzrange(?2, ?3) order by starts_at limit 1000""";

    private final Access access;
    private final Coaches coaches;
    private final Entitlements entitlements;
    private final SessionSettings settings;
    private final EntityManager entities;
    private final RequestKey requestKey;
    private final Clock clock;

    Sessions(Access access, Coaches coaches, Entitlements entitlements, SessionSettings settings, EntityManager entities,
            RequestKey requestKey, Clock clock) {
        this.access = access;
        this.coaches = coaches;
        this.entitlements = entitlements;
        this.settings = settings;
        this.entities = entities;
        this.requestKey = requestKey;
        this.clock = clock;
    }

    /** A time that is taken. */
    public record Busy(Instant startsAt, Instant endsAt) {
    }

    /**
     * Books a coach for the caller and holds the slot until the booking is paid. Idempotent, since a session has its request's
     * id.
     *
     * @throws NotFound when there is no such coach
     * @throws SessionRefused for a time or duration that is not offered or is taken, and while the caller, or all the coach's
     *         mentees together, hold as many unpaid slots as they may
     */
    CoachingSession book(UUID coachId, Instant startsAt, int minutes) {
        UUID id = Objects.requireNonNullElseGet(requestKey.id(), Ids::next);
        Optional<CoachingSession> begun = access.asService(() -> CoachingSession.findByIdOptional(id));
        return begun.orElseGet(() -> book(id, coachId, startsAt, minutes));
    }

    private CoachingSession book(UUID id, UUID coachId, Instant startsAt, int minutes) {
        UUID menteeId = access.userId();
        refuseOdd(startsAt, minutes);
        BookableCoach coach = coaches.bookable(coachId);
        if (menteeId.equals(coachId)) {
            throw new SessionRefused.WithOneself();
        }
        Money price = Price.of(coach.hourlyRate(), minutes);
        StripeCurrencies.of(price.getCurrencyUnit()).requireChargeable(price);
        return insert(id, coachId, () -> {
            PlatformFee fee = PlatformFee.of(coach.platformFeePercentage(), entitlements.benefitsOf(coachId));
            return new Booking(menteeId, coachId, startsAt, minutes, coach.hourlyRate(), fee,
                    Split.of(price, fee.percentage()));
        });
    }

    /** A session of the caller's, as mentee or as coach. */
    @Transactional
    public CoachingSession mine(UUID id) {
        UUID me = access.userId();
        return CoachingSession.<CoachingSession> findByIdOptional(id)
                .filter(session -> me.equals(session.menteeId()) || me.equals(session.coachId()))
                .orElseThrow(() -> new NotFound("session"));
    }

    /** A session of the caller's, or any session for an administrator. */
    CoachingSession mineOrAnybodysAsAdmin(UUID id) {
        if (!access.isAdmin()) {
            return mine(id);
        }
        return access.asAdmin(
                () -> CoachingSession.<CoachingSession> findByIdOptional(id).orElseThrow(() -> new NotFound("session")));
    }

    /** A page of the caller's sessions, newest booking first, with one more than the limit if there are more. */
    @Transactional
    List<CoachingSession> mine(boolean asCoach, @Nullable SessionStatus status, Paging paging) {
        UUID me = access.userId();
        String side = (asCoach ? "coachId" : "menteeId") + " = ?1 and id < ?2";
        PanacheQuery<CoachingSession> found = status == null
                ? CoachingSession.find(side + " order by id desc", me, paging.before())
                : CoachingSession.find(side + " and status = ?3 order by id desc", me, paging.before(), status);
        return found.page(0, paging.limit() + 1).list();
    }

    /** A coach's taken times, without the mentees. */
    @Transactional
    List<Busy> busy(UUID coachId, Instant from, Instant to) {
        coaches.requireKnown(coachId);
        List<?> rows = entities.createNativeQuery(BUSY, Object[].class).setParameter(1, coachId).setParameter(2, from)
                .setParameter(3, to).getResultList();
        return rows.stream().map(row -> (Object[]) row).map(row -> new Busy((Instant) row[0], (Instant) row[1])).toList();
    }

    private void refuseOdd(Instant startsAt, int minutes) {
        Instant now = clock.instant();
        if (minutes < settings.shortestMinutes() || minutes > settings.longestMinutes()) {
            throw new SessionRefused.DurationRefused(settings.shortestMinutes(), settings.longestMinutes());
        }
        if (!startsAt.isAfter(now)) {
            throw new SessionRefused.InThePast();
        }
        Duration ahead = settings.furthestAhead();
        if (startsAt.isAfter(now.plus(ahead))) {
            throw new SessionRefused.TooFarAhead(ahead.toDays());
        }
    }

    /** Books on terms that are settled in the booking's own database transaction. */
    private CoachingSession insert(UUID id, UUID coachId, Supplier<Booking> terms) {
        try {
            return access.asService(() -> {
                SlotLocks.lockTimesOf(coachId);
                Optional<CoachingSession> begun = CoachingSession.findByIdOptional(id);
                if (begun.isPresent()) {
                    return begun.get();
                }
                CoachingSession session = CoachingSession.book(id, terms.get(), settings, clock.instant());
                // Checked first: an insert would wait for a database transaction that changes the session in the slot, and that
                // one for the insert.
                if (!SlotLocks.isFree(session)) {
                    throw new SessionRefused.SlotTaken();
                }
                refuseTooManyHolds(session);
                session.persistAndFlush();
                return session;
            });
        } catch (RuntimeException e) {
            if (Constraints.violated(e, "sessions_slot_taken")) {
                throw new SessionRefused.SlotTaken();
            }
            throw e;
        }
    }

    private void refuseTooManyHolds(CoachingSession session) {
        SlotLocks.lockHoldsOf(session.menteeId());
        if (SlotLocks.openHoldsOfMentee(session.menteeId()) >= settings.openHoldsPerMentee()) {
            throw new SessionRefused.TooManyHolds(settings.openHoldsPerMentee());
        }
        if (SlotLocks.openHoldsOfCoach(session.coachId()) >= settings.openHoldsPerCoach()) {
            throw new SessionRefused.CoachHeld();
        }
    }
}
