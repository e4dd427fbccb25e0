package io.coachpay.payout;

import java.time.Instant;
import java.time.LocalDate;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.coach.Reason;

/** When the coach is paid next and how much, as it looks now; or why not. */
@Schema(name = "NextPayout")
record NextPayout(
        @Nullable @Schema(description = "The day, in the coach's time zone; with `held`, the first one on which some of it can be paid", examples = "2030-05-06") LocalDate on,
        @Nullable @Schema(description = "What can be paid out by now; more may become available until then") Money amount,
        @Nullable @Schema(description = "Why nothing would be paid, should it stay like this") Reason blockedBy) {

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
