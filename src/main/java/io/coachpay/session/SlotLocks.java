package io.coachpay.session;

import java.util.UUID;

import jakarta.persistence.EntityManager;

import io.quarkus.hibernate.orm.panache.Panache;

/**
 * Locks of the database transaction under which slots are counted and taken. A caller that takes both locks the coach's times
 * first.
 */
final class SlotLocks {

    private static final String ONE_AFTER_THE_OTHER = "select pg_advisory_xact_lock(hashtextextended(?1, 0))";
    private static final String SLOT_FREE = """
            select not exists (select from sessions
                                where coach_id = ?1 and live and tstzrange(starts_at, ends_at) && tstzrange(?2, ?3))""";

    private SlotLocks() {
    }

    /** Lets other bookings of this coach wait: checks of an exclusion constraint may deadlock. */
    static void lockTimesOf(UUID coachId) {
        lock(coachId.toString());
    }

    /** Lets other bookings of this mentee wait. */
    static void lockHoldsOf(UUID menteeId) {
        lock("holds " + menteeId);
    }

    private static void lock(String name) {
        entities().createNativeQuery(ONE_AFTER_THE_OTHER).setParameter(1, name).getSingleResult();
    }

    /** Whether the coach has nothing else at that time; the caller has locked the coach's times. */
    static boolean isFree(CoachingSession session) {
        return (boolean) entities().createNativeQuery(SLOT_FREE, Boolean.class).setParameter(1, session.coachId())
                .setParameter(2, session.slot().startsAt()).setParameter(3, session.slot().endsAt()).getSingleResult();
    }

    /** Counts the slots that the mentee holds unpaid. */
    static long openHoldsOfMentee(UUID menteeId) {
        return CoachingSession.count("menteeId = ?1 and status = PENDING_PAYMENT", menteeId);
    }

    /** Counts the coach's slots that are held unpaid. */
    static long openHoldsOfCoach(UUID coachId) {
        return CoachingSession.count("coachId = ?1 and status = PENDING_PAYMENT", coachId);
    }

    private static EntityManager entities() {
        return Panache.getEntityManager();
    }
}
