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
 * Stripe says that an account can be charged for, and refuses the payments all the same. Then nobody is offered it until it was
 * read again and found well, after a pause that is twice as long each time, up to a week.
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
     * Whether a payment was refused because of the account that it was for, whoever pays.
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

    void add(StripeRefused refused, Instant at) {
        if (since == null) {
            since = at;
            times++;
        }
        words = refused.reason().message();
        checkAt = at.plus(PAUSES.after(times));
    }

    /** It is looked at by somebody: nobody else has to before then. */
    void checkNext(Instant at) {
        checkAt = at;
    }

    /** Another payment may be tried; how often it went wrong is remembered. */
    void forgive() {
        since = null;
        words = null;
        checkAt = null;
    }

    boolean stands() {
        return since != null;
    }

    /** Stripe's words; null unless it stands. */
    @Nullable
    String words() {
        return words;
    }
}
