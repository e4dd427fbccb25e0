package io.coachpay.payout;

import java.time.Instant;
import java.time.LocalDate;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.coach.Reason;

/** The day and amount of the coach's next payout by today's data, or the reason against it. */
@Schema(name = "NextPayout")
record NextPayout(
        @Nullable @Schema(description = "The day, in the coach's time zone; if `blockedBy` is `held`, the first day on which some of it can be paid", examples = "2030-05-06") LocalDate on,
        @Nullable @Schema(description = "The amount that can be paid out now; more may become available until then") Money amount,
        @Nullable @Schema(description = "Why nothing would be paid if nothing changed") Reason blockedBy) {

    static NextPayout of(PayoutEligibility standing, Instant now) {
        Money amount = standing.currency().floorToPayoutUnit(standing.payable());
        Schedule schedule = new Schedule(standing.profile().payoutSchedule(), standing.profile().timeZone());
        Reason reason = standing.blockerFor(amount);
        if (reason != null) {
            Instant release = standing.holding().next();
            LocalDate on = reason == Reason.HELD && release != null ? schedule.firstDue(release) : null;
            return new NextPayout(on, null, reason);
        }
        return new NextPayout(schedule.nextDue(now), amount, null);
    }
}
