package io.coachpay.coach;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

import io.coachpay.job.Backoff;
import io.coachpay.stripe.StripeRefused;

/**
 * A state in which Stripe refuses payments to an account although it reports that the account can be charged. The coach is not
 * offered until the account was read again and found well, after a pause of an hour that doubles each time, up to a week.
 */
@Embeddable
class ChargeRefusal {

    private static final Backoff PAUSES = Backoff.doubling(Duration.ofHours(1), Duration.ofDays(7));

    private static final Set<String> CODES = Set.of("charge_invalid_parameter", "account_invalid",
            "application_fees_not_allowed");
    private static final List<String> PARAMETERS = List.of("transfer_data[destination]", "transfer_data][destination]",
            "on_behalf_of", "on_behalf_of]");

    @Column(name = "charge_refused_at")
    private @Nullable Instant since;
    @Column(name = "charge_refusal")
    private @Nullable String words;
    @Column(name = "charge_refusals")
    private int times;
    @Column(name = "charge_check_at")
    private @Nullable Instant checkAt;

    protected ChargeRefusal() {
    }

    static ChargeRefusal none() {
        return new ChargeRefusal();
    }

    /**
     * Whether a payment was refused because of the coach's account, so that no payer could pay it.
     *
     * @see <a href="https://docs.stripe.com/error-codes">Stripe: error codes</a>
     */
    static boolean is(StripeRefused refused) {
        if (refused instanceof StripeRefused.AccountNotReady || CODES.contains(String.valueOf(refused.reason().code()))) {
            return true;
        }
        String parameter = refused instanceof StripeRefused.ResourceMissing missing ? missing.parameter()
                : refused instanceof StripeRefused.InvalidRequest invalid ? invalid.parameter() : null;
        return parameter != null && PARAMETERS.stream().anyMatch(parameter::endsWith);
    }

    /** Records that Stripe refused a payment because of the account. */
    void add(StripeRefused refused, Instant at) {
        if (since == null) {
            since = at;
            times++;
        }
        words = refused.reason().message();
        checkAt = at.plus(PAUSES.after(times));
    }

    /** Postpones the next check, because one has begun; nothing is checked once the refusal has ended. */
    void checkNext(Instant at) {
        if (stands()) {
            checkAt = at;
        }
    }

    /** Lets another payment be tried; the count of refusals stays. */
    void forgive() {
        since = null;
        words = null;
        checkAt = null;
    }

    boolean stands() {
        return since != null;
    }

    /** Stripe's words; null unless the refusal is in force. */
    @Nullable
    String words() {
        return words;
    }
}
