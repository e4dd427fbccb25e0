package io.coachpay.session;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;

/** The door to the end of sessions that were not cancelled: by the coach's word, or some time after their end. */
@ApplicationScoped
class Completions {

    /** Confirmed ones that ended before then, without those that other workers hold. */
    private static final String ENDED = """
            select * from sessions where status = 'confirmed' and ends_at <= ?1
             order by ends_at limit ?2 for update skip locked""";

    private final Access access;
    private final Sessions sessions;
    private final EarnedCredits earned;
    private final SessionSettings settings;
    private final Clock clock;

    Completions(Access access, Sessions sessions, EarnedCredits earned, SessionSettings settings, Clock clock) {
        this.access = access;
        this.sessions = sessions;
        this.earned = earned;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Completes a session that the caller coached.
     *
     * @throws SessionRefused.NotConfirmed when it is in any other state than confirmed (409)
     * @throws SessionRefused.NotBegun before its start (409)
     */
    CoachingSession complete(UUID sessionId) {
        return end(sessionId, CoachingSession::complete);
    }

    /**
     * Records that the mentee of a session that the caller coached did not come.
     *
     * @throws SessionRefused.NotConfirmed when it is in any other state than confirmed (409)
     * @throws SessionRefused.NotBegun before its start (409)
     */
    CoachingSession missed(UUID sessionId) {
        return end(sessionId, CoachingSession::missed);
    }

    /** Completes sessions that ended long ago, a bounded number of them. Returns how many. */
    int completeEnded(int most) {
        return access.asService(() -> {
            Instant now = clock.instant();
            List<CoachingSession> ended = endedBefore(now.minus(settings.completedAfter()), most);
            ended.forEach(session -> session.complete(now));
            return ended.size();
        });
    }

    private static List<CoachingSession> endedBefore(Instant then, int most) {
        return CoachingSession.getEntityManager().createNativeQuery(ENDED, CoachingSession.class).setParameter(1, then)
                .setParameter(2, most).getResultStream().map(CoachingSession.class::cast).toList();
    }

    private CoachingSession end(UUID sessionId, BiConsumer<CoachingSession, Instant> how) {
        UUID me = access.userId();
        if (!me.equals(sessions.mine(sessionId).coachId())) {
            throw new NotFound("session");
        }
        CoachingSession ended = access.asService(() -> {
            CoachingSession session = CoachingSession.locked(sessionId).orElseThrow(() -> new NotFound("session"));
            how.accept(session, clock.instant());
            return session;
        });
        earned.requestFor(sessionId);
        return ended;
    }
}
