package io.coachpay.payment;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripePaymentMethod;
import io.coachpay.user.CustomerOwner;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/**
 * A saved card or another payment method: the brand and last digits that its owner recognises, never its number. It also holds
 * its owner's wishes that Stripe has yet to hear of.
 */
@Entity
@Table(name = "payment_methods")
class PaymentMethod extends PanacheEntityBase {

    @Id
    private UUID id;
    @Column(name = "user_id", updatable = false)
    private @Nullable UUID userId;
    @Column(name = "organization_id", updatable = false)
    private @Nullable UUID organizationId;
    @Column(name = "stripe_payment_method_id", updatable = false)
    private String stripePaymentMethodId;
    private String type;
    @Embedded
    private @Nullable CardFace face;
    @Column(name = "is_default")
    private boolean isDefault;
    @Column(name = "stripe_as_of")
    private Instant stripeAsOf;
    @Column(name = "stripe_told_at")
    private @Nullable Instant toldAt;
    @Column(name = "detached_at")
    private @Nullable Instant detachedAt;
    @Column(name = "redisplay_due")
    private boolean offerDue;
    @Column(name = "removal_asked_at")
    private @Nullable Instant removalAskedAt;
    private int attempt;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected PaymentMethod() {
    }

    @SuppressWarnings("NullAway.Init")
    static PaymentMethod of(CustomerOwner owner, StripePaymentMethod method, Instant asOf, Instant now) {
        PaymentMethod saved = new PaymentMethod();
        saved.id = Ids.next();
        saved.userId = owner.userId();
        saved.organizationId = owner.organizationId();
        saved.stripePaymentMethodId = method.id();
        saved.attempt = 1;
        saved.createdAt = now;
        saved.stripeAsOf = asOf;
        saved.toldAt = now;
        saved.mirror(method);
        return saved;
    }

    /**
     * Creates the row of a method that is known by its removal alone, so that earlier events which are still to come change
     * nothing.
     */
    static PaymentMethod detached(CustomerOwner owner, StripePaymentMethod method, Instant asOf, Instant now) {
        PaymentMethod mark = of(owner, method, asOf, now);
        mark.detach(asOf);
        return mark;
    }

    /** Mirrors what Stripe says; stale news changes nothing, nor does any after the removal. */
    void update(StripePaymentMethod method, Instant asOf, Instant now) {
        if (asOf.isBefore(stripeAsOf) || detachedAt != null) {
            return;
        }
        stripeAsOf = asOf;
        toldAt = now;
        mirror(method);
    }

    /**
     * Removes it for good: it cannot be attached or used again, see
     * <a href="https://docs.stripe.com/api/payment_methods/detach">docs.stripe.com/api/payment_methods/detach</a>. The row
     * forgets brand, digits and fingerprint.
     */
    void detach(Instant asOf) {
        if (detachedAt != null) {
            return;
        }
        detachedAt = asOf;
        isDefault = false;
        offerDue = false;
        checkAt = null;
        face = null;
    }

    private void mirror(StripePaymentMethod method) {
        type = method.type();
        face = CardFace.of(method);
        if (method.offered()) {
            offerDue = false;
            checkAt = isRemoved() ? checkAt : null;
        }
    }

    /** Follows the default that Stripe names. */
    void beDefault(boolean stripes) {
        isDefault = stripes && detachedAt == null;
    }

    /** Records that its owner agreed to Stripe's page offering it. */
    void agreeToOffer(StripePaymentMethod method, Instant now) {
        if (!method.offered() && detachedAt == null && !isRemoved()) {
            offerDue = true;
            checkAt = now;
        }
    }

    /** Records that Stripe was told, or does not take the offer: then its page goes without this method. */
    void endOffer() {
        offerDue = false;
        checkAt = isRemoved() ? checkAt : null;
    }

    /** Records that its owner removed it: from now on nothing is paid with it. */
    void askRemoval(Instant now) {
        if (detachedAt == null && removalAskedAt == null) {
            removalAskedAt = now;
            offerDue = false;
            checkAt = now;
            attempt++;
        }
    }

    /** Withdraws a removal that Stripe has not heard of. */
    void keep() {
        removalAskedAt = null;
        checkAt = null;
    }

    /** Schedules the next try to tell Stripe, as long as there is something to tell. */
    void checkNext(Instant at) {
        checkAt = checkAt == null || detachedAt != null ? null : at;
    }

    /** Spends the key of that attempt, whose answer Stripe would repeat, unless somebody has counted on already. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    /** Whether something was mirrored after a request, so that its answer may be stale. */
    boolean isToldSince(Instant sentAt) {
        return toldAt != null && toldAt.isAfter(sentAt);
    }

    UUID id() {
        return id;
    }

    CustomerOwner owner() {
        return new CustomerOwner(userId, organizationId);
    }

    String stripeId() {
        return stripePaymentMethodId;
    }

    boolean isDefault() {
        return isDefault;
    }

    boolean isDetached() {
        return detachedAt != null;
    }

    /** Whether its owner removed it, whether or not Stripe has heard so. */
    boolean isRemoved() {
        return removalAskedAt != null;
    }

    /** Whether Stripe's page is to offer it and Stripe has not heard so yet. */
    boolean isOfferDue() {
        return offerDue;
    }

    int attempt() {
        return attempt;
    }

    String type() {
        return type;
    }

    @Nullable
    String fingerprint() {
        return face == null ? null : face.fingerprint();
    }

    /** Whether it can pay now, as far as its face says. */
    boolean isGood(Instant now) {
        CardExpiry expiry = face == null ? null : face.expiry();
        return expiry == null || !expiry.isOver(now);
    }

    PaymentMethodView view(Instant now) {
        return view(this, now);
    }

    /** Shows it as this form of the same card. */
    PaymentMethodView view(PaymentMethod form, Instant now) {
        return (form.face == null ? new CardFace() : form.face).view(this, now);
    }

    /** Finds an owner's methods that can be paid with, newest first. */
    static List<PaymentMethod> of(CustomerOwner owner) {
        return attachedOf(owner).stream().filter(method -> !method.isRemoved()).toList();
    }

    /**
     * Finds an owner's methods that are attached at Stripe, newest first; removals that Stripe has yet to hear of among them.
     */
    static List<PaymentMethod> attachedOf(CustomerOwner owner) {
        return owner.userId() != null ? list("userId = ?1 and detachedAt is null order by id desc", owner.userId())
                : list("organizationId = ?1 and detachedAt is null order by id desc", owner.organizationId());
    }

    static List<PaymentMethod> byStripeId(String stripeId) {
        return list("stripePaymentMethodId", stripeId);
    }
}
