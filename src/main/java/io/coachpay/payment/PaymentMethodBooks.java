package io.coachpay.payment;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jspecify.annotations.Nullable;

import io.coachpay.http.NotFound;
import io.coachpay.stripe.StripePaymentMethod;
import io.coachpay.user.CustomerFollower;
import io.coachpay.user.CustomerOwner;
import io.coachpay.user.DefaultMethodBooks;
import io.quarkus.arc.All;

/**
 * Keeps saved payment methods: mirrors Stripe's, and records owners' wishes. Every verb runs inside the caller's database
 * transaction and locks the customer's row before any method's, so that what is said of one owner's methods has an order.
 */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
class PaymentMethodBooks implements CustomerFollower {

    private final DefaultMethodBooks defaults;
    private final List<PaymentMethodNeed> needs;
    private final EntityManager entities;
    private final Clock clock;

    PaymentMethodBooks(DefaultMethodBooks defaults, @All List<PaymentMethodNeed> needs, EntityManager entities, Clock clock) {
        this.defaults = defaults;
        this.needs = needs;
        this.entities = entities;
        this.clock = clock;
    }

    // ---- what Stripe says

    /**
     * Whether our state is of that very second, so that only a fetch can show which is newer. Reads no entity, which would be
     * stale once its customer is locked.
     */
    boolean onlyFetchTells(String stripeId, Instant at) {
        return PaymentMethod.count("stripePaymentMethodId = ?1 and stripeAsOf = ?2 and detachedAt is null", stripeId, at) > 0;
    }

    /**
     * Mirrors a method of a customer's as of that second, unless a newer state is known.
     *
     * @param customer whose row at Stripe it is, {@code cus_…}
     * @return the row; empty where the customer is not ours, or not yet
     */
    Optional<PaymentMethod> mirror(String customer, StripePaymentMethod method, Instant asOf) {
        CustomerOwner owner = defaults.ownerOf(customer);
        return owner == null ? Optional.empty() : Optional.of(mirror(owner, method, asOf));
    }

    /**
     * Mirrors a method that was read, as of the second of the request.
     *
     * @return false when another state was mirrored meanwhile: which of the two is newer is unknown, and the reading changes
     *         nothing
     */
    boolean mirrorRead(String customer, StripePaymentMethod method, Instant askedAt) {
        CustomerOwner owner = defaults.ownerOf(customer);
        if (owner == null || PaymentMethod.byStripeId(method.id()).stream().anyMatch(known -> known.isToldSince(askedAt))) {
            return false;
        }
        mirror(owner, method, askedAt);
        return true;
    }

    private PaymentMethod mirror(CustomerOwner owner, StripePaymentMethod method, Instant asOf) {
        Instant second = asOf.truncatedTo(ChronoUnit.SECONDS);
        Optional<PaymentMethod> known = ofOwner(owner, method.id());
        known.ifPresent(saved -> saved.update(method, second, clock.instant()));
        PaymentMethod saved = known.orElseGet(() -> add(owner, method, second));
        settle(owner);
        return saved;
    }

    private PaymentMethod add(CustomerOwner owner, StripePaymentMethod method, Instant asOf) {
        PaymentMethod saved = PaymentMethod.of(owner, method, asOf, clock.instant());
        saved.beDefault(method.id().equals(defaults.known(owner)));
        saved.persist();
        return saved;
    }

    /**
     * Records that a method was removed at Stripe, by us or by somebody else.
     *
     * @param customer whose it was, where Stripe says so: an unknown method leaves a mark there
     */
    void removed(StripePaymentMethod method, @Nullable String customer, Instant asOf) {
        CustomerOwner owner = customer == null ? null : defaults.ownerOf(customer);
        removed(method.id(), asOf);
        if (owner != null && ofOwner(owner, method.id()).isEmpty()) {
            PaymentMethod.detached(owner, method, asOf, clock.instant()).persist();
        }
    }

    /** Records that Stripe does not have a method any more. */
    void removed(String stripeId, Instant asOf) {
        for (PaymentMethod known : PaymentMethod.byStripeId(stripeId)) {
            CustomerOwner owner = known.owner();
            defaults.lock(owner);
            entities.refresh(known);
            known.detach(asOf);
            defaults.removed(owner, stripeId);
            settle(owner);
        }
    }

    @Override
    public void defaultIs(CustomerOwner owner, @Nullable String method) {
        PaymentMethod.attachedOf(owner).stream().filter(known -> !known.stripeId().equals(method))
                .forEach(known -> known.beDefault(false));
        // Two of them are never the default, not even within a flush.
        entities.flush();
        PaymentMethod.byStripeId(String.valueOf(method)).stream().filter(known -> known.owner().equals(owner))
                .forEach(known -> known.beDefault(true));
        replaceRemoved(owner);
    }

    @Override
    public void isGone(CustomerOwner owner) {
        PaymentMethod.attachedOf(owner).forEach(known -> known.detach(clock.instant()));
    }

    /** Keeps that an owner with methods has a default: where there is none, the newest that is still good is to be it. */
    private void settle(CustomerOwner owner) {
        replaceRemoved(owner);
        if (defaults.wanted(owner) == null) {
            next(PaymentMethod.of(owner)).ifPresent(method -> defaults.wantIfNone(owner, method.stripeId()));
        }
    }

    /**
     * Replaces a default that was removed, unless its owner wants another already: Stripe may go on naming it.
     *
     * @see <a href="https://github.com/dj-stripe/dj-stripe/issues/1836">dj-stripe, issue 1836</a>
     */
    private void replaceRemoved(CustomerOwner owner) {
        String known = defaults.known(owner);
        boolean removed = known != null && ofOwner(owner, known).filter(PaymentMethod::isDetached).isPresent();
        if (removed && !defaults.isWished(owner)) {
            next(PaymentMethod.of(owner)).ifPresent(method -> defaults.want(owner, method.stripeId()));
        }
    }

    private Optional<PaymentMethod> next(List<PaymentMethod> methods) {
        return methods.stream().filter(this::isGood).findFirst().or(() -> methods.stream().findFirst());
    }

    private boolean isGood(PaymentMethod method) {
        return method.isGood(clock.instant());
    }

    private static Optional<PaymentMethod> ofOwner(CustomerOwner owner, String stripeId) {
        return PaymentMethod.byStripeId(stripeId).stream().filter(known -> known.owner().equals(owner)).findFirst();
    }

    /** A method as it is now, while nobody else changes it. */
    PaymentMethod locked(UUID id) {
        PaymentMethod method = Objects.requireNonNull(PaymentMethod.findById(id),
                "The row of a payment method stays as a mark");
        defaults.lock(method.owner());
        entities.refresh(method);
        return method;
    }

    // ---- what owners want

    /**
     * Records the wish that a method be the default. An expired one may be, for its bank may renew it.
     *
     * @throws NotFound for a method that is not the user's (404)
     */
    PaymentMethod wantDefault(UUID userId, UUID id) {
        CustomerOwner owner = CustomerOwner.person(userId);
        defaults.lock(owner);
        PaymentMethod method = attached(userId, id).filter(known -> !known.isRemoved())
                .orElseThrow(() -> new NotFound("payment method"));
        defaults.want(owner, method.stripeId());
        return method;
    }

    /**
     * Finds the method that an owner pays with: of an expired one the form that the bank renewed, if that was saved too.
     *
     * @param id ours; null for the default one, which Stripe may have yet to hear of
     * @throws PaymentRefused.NoSuchCard when there is none
     */
    PaymentMethod payable(CustomerOwner owner, @Nullable UUID id) {
        String wanted = id == null ? defaults.wanted(owner) : null;
        List<PaymentMethod> all = PaymentMethod.of(owner);
        return all.stream().filter(method -> id == null ? method.stripeId().equals(wanted) : method.id().equals(id))
                .findFirst().map(method -> CardLines.good(all, method, clock.instant()))
                .orElseThrow(PaymentRefused.NoSuchCard::new);
    }

    /** The fingerprint of a method of an owner's, or of the default that Stripe has; null where there is none. */
    @Nullable
    String fingerprint(CustomerOwner owner, @Nullable String stripeId) {
        String charged = stripeId == null ? defaults.known(owner) : stripeId;
        return charged == null ? null : ofOwner(owner, charged).map(PaymentMethod::fingerprint).orElse(null);
    }

    /**
     * Records that a method is to be the default where its owner has none that can pay: none, one that was removed, or one that
     * has expired. One that is not known here yet can.
     *
     * @return whether Stripe is to hear of it
     */
    boolean replaceUnusable(CustomerOwner owner, String method) {
        String present = defaults.wanted(owner);
        if (present == null) {
            defaults.wantIfNone(owner, method);
            return true;
        }
        boolean replaces = !present.equals(method) && ofOwner(owner, present)
                .filter(known -> known.isDetached() || known.isRemoved() || !isGood(known)).isPresent();
        if (replaces) {
            defaults.want(owner, method);
        }
        return replaces;
    }

    /**
     * The removal of a card.
     *
     * @param methods all of the card's, by our ids
     * @param next the method that becomes the default in their place; null where the default stays
     */
    record Removal(List<UUID> methods, @Nullable UUID next) {
    }

    /**
     * Records that the owner removes a card, in all the forms in which it was saved. If it is the default, the newest other one
     * is to follow. A removal that Stripe has yet to hear of may be asked for again.
     *
     * @throws NotFound for a method that is not the user's (404)
     * @throws PaymentRefused.PaymentMethodNeeded for the last one that is still good, while something needs one (409)
     */
    Removal askRemoval(UUID userId, UUID id) {
        CustomerOwner owner = CustomerOwner.person(userId);
        defaults.lock(owner);
        PaymentMethod method = attached(userId, id).orElseThrow(() -> new NotFound("payment method"));
        List<PaymentMethod> card = CardLines.group(PaymentMethod.attachedOf(owner), method);
        List<PaymentMethod> others = PaymentMethod.of(owner).stream().filter(other -> !card.contains(other)).toList();
        if (isNeeded(owner, others)) {
            throw new PaymentRefused.PaymentMethodNeeded();
        }
        card.forEach(one -> one.askRemoval(clock.instant()));
        String wanted = defaults.wanted(owner);
        boolean follows = card.stream().anyMatch(one -> one.stripeId().equals(wanted));
        Optional<PaymentMethod> next = follows ? next(others) : Optional.empty();
        next.ifPresent(other -> defaults.want(owner, other.stripeId()));
        return new Removal(card.stream().map(PaymentMethod::id).toList(), next.map(PaymentMethod::id).orElse(null));
    }

    /**
     * Asks once more, as Stripe is about to hear of a removal: something may have come to need the card since. Then the
     * removal is withdrawn, of the card in all its forms, and one of these stays the default or is to be it: no other card can
     * pay.
     *
     * @return whether the removal stands
     */
    boolean mayGo(UUID id) {
        PaymentMethod method = locked(id);
        if (!method.isRemoved() || method.isDetached()) {
            return method.isDetached();
        }
        CustomerOwner owner = method.owner();
        List<PaymentMethod> card = CardLines.group(PaymentMethod.attachedOf(owner), method);
        List<PaymentMethod> others = PaymentMethod.of(owner).stream().filter(other -> !card.contains(other)).toList();
        if (!isNeeded(owner, others)) {
            return true;
        }
        card.forEach(PaymentMethod::keep);
        if (named(card, defaults.wanted(owner)).isEmpty()) {
            named(card, defaults.known(owner)).or(() -> next(card)).ifPresent(one -> defaults.want(owner, one.stripeId()));
        }
        return false;
    }

    private static Optional<PaymentMethod> named(List<PaymentMethod> methods, @Nullable String stripeId) {
        return methods.stream().filter(one -> one.stripeId().equals(stripeId)).findFirst();
    }

    /** Whether something is paid with a saved method, and none of the others can pay. */
    private boolean isNeeded(CustomerOwner owner, List<PaymentMethod> others) {
        return others.stream().noneMatch(this::isGood) && needs.stream().anyMatch(need -> need.isNeeded(owner));
    }

    /** Finds a user's method that is attached at Stripe, also one whose removal Stripe has yet to hear of. */
    private static Optional<PaymentMethod> attached(UUID userId, UUID id) {
        return PaymentMethod.find("userId = ?1 and id = ?2 and detachedAt is null", userId, id).firstResultOptional();
    }
}
