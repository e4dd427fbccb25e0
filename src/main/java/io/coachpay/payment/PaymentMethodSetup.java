package io.coachpay.payment;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.access.Transitions;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.user.CustomerOwner;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/**
 * A wish to save a payment method. The row is there before Stripe is asked, and holds all that the call needs, so that another
 * worker can repeat it.
 */
@Entity
@Table(name = "payment_method_setups")
class PaymentMethodSetup extends PanacheEntityBase {

    /** Stripe's page closes by itself a day after its creation; whatever is still open a little later is ended. */
    private static final Duration ENDS_AFTER = Duration.ofHours(25);

    /** No method that can be saved here takes Stripe this long. */
    private static final Duration GIVEN_UP_AFTER = Duration.ofDays(7);

    @Id
    private UUID id;
    @Column(name = "user_id", updatable = false)
    private @Nullable UUID userId;
    @Column(name = "organization_id", updatable = false)
    private @Nullable UUID organizationId;
    @Embedded
    private SetupTerms terms;
    @Enumerated(EnumType.STRING)
    private SetupStatus status;
    @Column(name = "stripe_customer_id")
    private String customer;
    @Column(name = "stripe_setup_intent_id")
    private @Nullable String setupIntent;
    @Column(name = "stripe_checkout_session_id")
    private @Nullable String page;
    @Column(name = "stripe_payment_method_id")
    private @Nullable String method;
    @Column(name = "failure_code")
    private @Nullable String failureCode;
    @Column(name = "failure_message")
    private @Nullable String failureMessage;
    private int attempt;
    @Column(name = "stripe_as_of")
    private @Nullable Instant stripeAsOf;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected PaymentMethodSetup() {
    }

    /** A wish that is recorded and not yet known to Stripe. */
    @SuppressWarnings("NullAway.Init")
    static PaymentMethodSetup begun(CustomerOwner owner, String customer, SetupTerms terms, Instant now) {
        PaymentMethodSetup setup = new PaymentMethodSetup();
        setup.id = Ids.next();
        setup.userId = owner.userId();
        setup.organizationId = owner.organizationId();
        setup.terms = terms;
        setup.status = SetupStatus.REQUESTED;
        setup.customer = customer;
        setup.attempt = 1;
        setup.checkAt = now.plus(ENDS_AFTER);
        setup.createdAt = now;
        return setup;
    }

    /** Keeps the SetupIntent that Stripe made; the first one counts. */
    void linkSetupIntent(String made) {
        setupIntent = setupIntent == null ? made : setupIntent;
        open();
    }

    /** Keeps the page that Stripe opened; the first one counts. */
    void linkPage(String opened) {
        page = page == null ? opened : page;
        open();
    }

    private void open() {
        if (status == SetupStatus.REQUESTED) {
            status = SetupStatus.OPEN;
        }
    }

    /** Asks as the owner's next customer, since Stripe no longer has the one that was sent. */
    void askAs(String next) {
        customer = next;
        attempt++;
    }

    /** The method is saved. */
    void succeed(String saved) {
        if (go(SetupStatus.SUCCEEDED)) {
            method = saved;
            failureCode = null;
            failureMessage = null;
        }
    }

    /** The bank refused the method, unless newer news is known. */
    void fail(@Nullable String code, @Nullable String message, Instant asOf) {
        if (accept(asOf) && go(SetupStatus.FAILED)) {
            failureCode = code;
            failureMessage = message;
        }
    }

    /** Its owner tries again, unless newer news is known. */
    void reopen(Instant asOf) {
        if (accept(asOf)) {
            go(SetupStatus.OPEN);
        }
    }

    void cancel() {
        go(SetupStatus.CANCELED);
    }

    private boolean go(SetupStatus to) {
        boolean goes = status == to || status.next().contains(to);
        status = Transitions.acceptIfReachable(status, to);
        checkAt = status.next().isEmpty() ? null : checkAt;
        return goes;
    }

    private boolean accept(Instant asOf) {
        Instant second = asOf.truncatedTo(ChronoUnit.SECONDS);
        boolean news = stripeAsOf == null || !second.isBefore(stripeAsOf);
        stripeAsOf = news ? second : stripeAsOf;
        return news;
    }

    /**
     * Cancels it here where Stripe has worked on it for too long, and cannot be asked to end it.
     *
     * @return whether it was
     */
    boolean giveUp(Instant now) {
        boolean given = mayHaveChanged() && createdAt.plus(GIVEN_UP_AFTER).isBefore(now);
        if (given) {
            cancel();
        }
        return given;
    }

    /** Schedules the next try to end it. */
    void checkNext(Instant at) {
        checkAt = checkAt == null ? null : at;
    }

    /** Spends the key of that attempt, whose answer Stripe would repeat, unless somebody has counted on already. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    UUID id() {
        return id;
    }

    CustomerOwner owner() {
        return new CustomerOwner(userId, organizationId);
    }

    SetupTerms terms() {
        return terms;
    }

    SetupStatus status() {
        return status;
    }

    /** Whether Stripe may know more about it than we do. */
    boolean mayHaveChanged() {
        return !status.next().isEmpty();
    }

    /** {@code cus_…}. */
    String customer() {
        return customer;
    }

    /** {@code seti_…}; null until Stripe is known to have it. */
    @Nullable
    String setupIntent() {
        return setupIntent;
    }

    /** {@code cs_…}; null until Stripe is known to have it. */
    @Nullable
    String page() {
        return page;
    }

    /** The saved method, {@code pm_…}; null before. */
    @Nullable
    String method() {
        return method;
    }

    @Nullable
    String failureCode() {
        return failureCode;
    }

    @Nullable
    String failureMessage() {
        return failureMessage;
    }

    int attempt() {
        return attempt;
    }

    Instant createdAt() {
        return createdAt;
    }

    static Optional<PaymentMethodSetup> byPage(String page) {
        return find("page", page).firstResultOptional();
    }
}
