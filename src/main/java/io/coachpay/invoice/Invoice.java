package io.coachpay.invoice;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.NaturalId;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.access.Transitions;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeInvoice;
import io.coachpay.user.CustomerOwner;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A bill of Stripe's for one of our customers, mirrored. */
@Entity
@Table(name = "invoices")
@DynamicUpdate
class Invoice extends PanacheEntityBase {

    /** An invoice that nothing has told about for so long is looked at. */
    private static final Duration LOOK_AGAIN = Duration.ofHours(26);

    private static final String INSERT = """
            insert into invoices (id, user_id, organization_id, subscription_id, stripe_invoice_id, stripe_customer_id,
                stripe_subscription_id, status, currency, issued_at, created_at)
            values (:id, :user, :organization, :subscription, :stripe, :customer, :billed, 'draft', :currency, :issued, :now)
            on conflict (stripe_invoice_id) do nothing""";

    @Id
    private UUID id;
    @Column(name = "user_id", updatable = false)
    private @Nullable UUID userId;
    @Column(name = "organization_id", updatable = false)
    private @Nullable UUID organizationId;
    @Column(name = "subscription_id")
    private @Nullable UUID subscriptionId;
    @NaturalId
    @Column(name = "stripe_invoice_id", updatable = false)
    private String stripeId;
    @Column(name = "stripe_customer_id", updatable = false)
    private String customerId;
    private @Nullable String number;
    @Column(name = "billing_reason")
    private @Nullable String reason;
    @Enumerated(EnumType.STRING)
    private InvoiceStatus status;
    @Embedded
    private InvoiceAmounts amounts;
    @Embedded
    private InvoiceTimes times;
    @Column(name = "attempt_count")
    private int attempts;
    @Column(name = "address_needed")
    private boolean addressNeeded;
    @Embedded
    private @Nullable InvoiceAddresses addresses;
    @Column(name = "lines_whole")
    private boolean linesWhole;
    @Column(name = "issued_at", updatable = false)
    private Instant issuedAt;
    private int attempt;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Invoice() {
    }

    /**
     * Stores an invoice and locks it: of two who do so at once, the second finds the first one's.
     *
     * @param subscriptionId our id of the subscription that it bills; null for none
     */
    static Invoice begun(StripeInvoice stripes, CustomerOwner owner, String customerId, @Nullable UUID subscriptionId,
            Instant now) {
        getEntityManager().createNativeQuery(INSERT).setParameter("id", Ids.next())
                .setParameter("user", owner.userId()).setParameter("organization", owner.organizationId())
                .setParameter("subscription", subscriptionId).setParameter("stripe", stripes.id())
                .setParameter("customer", customerId).setParameter("billed", stripes.subscriptionId())
                .setParameter("currency", stripes.total().getCurrencyUnit().getCode())
                .setParameter("issued", stripes.created()).setParameter("now", now).executeUpdate();
        return Objects.requireNonNull(InvoiceQueries.locked(stripes.id()), "It was inserted, or there before");
    }

    /**
     * Mirrors Stripe's invoice as of that second. A later state counts at any age, as nothing leads back from it; of one state
     * the newer counts.
     *
     * @param becomes the state, which an event may know better than the invoice
     * @return whether it was mirrored
     */
    boolean mirror(StripeInvoice stripes, InvoiceStatus becomes, Instant at, Instant now) {
        boolean later = status.next().contains(becomes);
        if (!later && (status != becomes || times.isNewerThan(at))) {
            return false;
        }
        status = Transitions.acceptIfReachable(status, becomes);
        number = stripes.number();
        reason = stripes.reason();
        attempts = stripes.attemptCount();
        addressNeeded = stripes.addressNeeded();
        amounts.mirror(stripes);
        times.mirror(stripes, status, times.isNewerThan(at) ? times.ofReading(at) : at, now);
        locate(stripes, at);
        checkAt = status.isFinal() ? null : now.plus(LOOK_AGAIN);
        return true;
    }

    /** Keeps the addresses that Stripe gave at that moment. */
    void locate(StripeInvoice stripes, Instant at) {
        addresses = InvoiceAddresses.of(stripes, at);
    }

    /**
     * Whether an event of that second may be older than ours, or newer: of one state, only a look at Stripe shows, unless it
     * says the same. A draft may have other lines and say the same.
     */
    boolean isUndecided(StripeInvoice stripes, InvoiceStatus becomes, Instant at) {
        return status == becomes && times.isAsOldAs(at) && (status == InvoiceStatus.DRAFT || !says(stripes));
    }

    private boolean says(StripeInvoice stripes) {
        return Objects.equals(number, stripes.number()) && Objects.equals(reason, stripes.reason())
                && attempts == stripes.attemptCount() && addressNeeded == stripes.addressNeeded() && amounts.areThoseOf(stripes)
                && times.areThoseOf(stripes, status);
    }

    /** Has Stripe be asked about it at the next check. */
    void checkNow(Instant now) {
        checkAt = now;
    }

    /** Records that all is known of what paid it, unless it may change yet. */
    void paymentKnown() {
        checkAt = status.isFinal() ? null : checkAt;
    }

    /** Whether nothing of Stripe's has been mirrored yet. */
    boolean isNew() {
        return times.isUntold();
    }

    /** Names the subscription that it bills, once that is known. */
    void bills(UUID subscription) {
        subscriptionId = subscriptionId == null ? subscription : subscriptionId;
    }

    /** Records that all lines are here. */
    void completeLines() {
        linesWhole = true;
    }

    /** Records that Stripe has it no more: only drafts can be deleted. */
    void deleted() {
        status = Transitions.acceptIfReachable(status, InvoiceStatus.DELETED);
        checkAt = null;
    }

    /** The number of the next attempt to pay it, part of the key at Stripe. */
    int attempt() {
        return attempt;
    }

    /** Counts to the next key, unless another worker has done so since that attempt. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    UUID id() {
        return id;
    }

    CustomerOwner owner() {
        return new CustomerOwner(userId, organizationId);
    }

    @Nullable
    UUID subscriptionId() {
        return subscriptionId;
    }

    /** {@code in_…} */
    String stripeId() {
        return stripeId;
    }

    String customerId() {
        return customerId;
    }

    @Nullable
    String number() {
        return number;
    }

    @Nullable
    String reason() {
        return reason;
    }

    InvoiceStatus status() {
        return status;
    }

    InvoiceAmounts amounts() {
        return amounts;
    }

    InvoiceTimes times() {
        return times;
    }

    int attempts() {
        return attempts;
    }

    boolean isAddressNeeded() {
        return addressNeeded;
    }

    /** Stripe's addresses of it; null before it is finalized. */
    @Nullable
    InvoiceAddresses addresses() {
        return addresses;
    }

    boolean areLinesWhole() {
        return linesWhole;
    }

    Instant issuedAt() {
        return issuedAt;
    }
}
