package io.coachpay.user;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import io.coachpay.inbox.MissingParent;
import io.coachpay.stripe.StripeCustomer;
import io.quarkus.arc.All;

/**
 * Records our side of people's Stripe customers, and mirrors Stripe's. Every verb runs inside the caller's database
 * transaction, and none calls Stripe.
 */
@ApplicationScoped
class CustomerBooks {

    private final Clock clock;
    private final List<CustomerFollower> followers;

    CustomerBooks(Clock clock, @All List<CustomerFollower> followers) {
        this.clock = clock;
        this.followers = followers;
    }

    /** Records that the person's name or e-mail changed. Returns whether Stripe has to be updated. */
    @Transactional(TxType.MANDATORY)
    boolean ownerChanged(User user) {
        Customer customer = Customer.ofUser(user.id());
        return customer != null && customer.tell(user.email(), user.name());
    }

    /** Records that Stripe created a customer for one of our rows; the event may arrive before the call's own answer. */
    @Transactional(TxType.MANDATORY)
    void made(StripeCustomer stripes, Instant at) {
        UUID row = stripes.coachpayId();
        Customer customer = row == null ? null : Customer.byId(row);
        if (customer == null) {
            throw new MissingParent("customer row of " + stripes.id());
        }
        customer.made(stripes.id(), at);
    }

    /** Mirrors Stripe's state of a customer as of that second, unless a newer one is known. */
    @Transactional(TxType.MANDATORY)
    void mirror(StripeCustomer stripes, Instant at) {
        if (isPredecessor(stripes)) {
            return;
        }
        Customer customer = of(stripes);
        if (stripes.deleted()) {
            gone(customer);
            return;
        }
        Instant second = at.truncatedTo(ChronoUnit.SECONDS);
        String before = customer.defaultMethod().known();
        boolean heard = customer.mirror(stripes, second, clock.instant());
        String now = customer.defaultMethod().known();
        if (!Objects.equals(before, now)) {
            followers.forEach(follower -> follower.defaultIs(customer.owner(), now));
        }
        if (!heard) {
            return;
        }
        UUID owner = customer.userId();
        User user = owner == null ? null : User.byId(owner);
        if (user != null && !user.erased()) {
            user.hear(customer.details().refusedEmail() == null ? stripes.email() : null,
                    customer.details().refusedName() == null ? stripes.name() : null);
        }
    }

    /**
     * Mirrors a customer that was read, as of the second of the request.
     *
     * @param sentAt the time of the request
     * @return false when another state of that second was mirrored meanwhile: which of the two is newer is unknown, and the
     *         reading changes nothing
     */
    @Transactional(TxType.MANDATORY)
    boolean mirrorRead(StripeCustomer stripes, Instant sentAt) {
        Customer customer = Customer.byStripeId(stripes.id());
        if (customer != null && customer.isToldSince(sentAt)) {
            return false;
        }
        mirror(stripes, sentAt);
        return true;
    }

    /** Records that Stripe deleted the customer; the next need creates another. */
    @Transactional(TxType.MANDATORY)
    void deleted(StripeCustomer stripes) {
        if (!isPredecessor(stripes)) {
            gone(of(stripes));
        }
    }

    /**
     * Records that Stripe does not have a customer that was asked for, unless another has taken its place since.
     *
     * @param stripeId the one that was asked for
     */
    @Transactional(TxType.MANDATORY)
    void missing(Customer customer, String stripeId) {
        if (stripeId.equals(customer.stripeId())) {
            gone(customer);
        }
    }

    private void gone(Customer customer) {
        customer.missing();
        CustomerTaxId.ofCustomer(customer.id()).forEach(taxId -> taxId.remove(clock.instant()));
        followers.forEach(follower -> follower.isGone(customer.owner()));
    }

    /** Whether an event is stale: its customer is gone, and another one has replaced it or is about to. */
    private static boolean isPredecessor(StripeCustomer stripes) {
        UUID row = stripes.coachpayId();
        Customer customer = row == null ? null : Customer.byId(row);
        return customer != null && !stripes.id().equals(customer.stripeId())
                && (customer.stripeId() != null || customer.details().attempt() > 1);
    }

    /** Whether our state is of that very second, so that only a fetch can show which is newer. */
    @Transactional(TxType.MANDATORY)
    boolean onlyFetchTells(StripeCustomer stripes, Instant at) {
        Customer customer = Customer.byStripeId(stripes.id());
        return customer != null && customer.isAsOldAs(at);
    }

    private static Customer of(StripeCustomer stripes) {
        Customer known = Customer.byStripeId(stripes.id());
        if (known == null) {
            throw new MissingParent("customer " + stripes.id());
        }
        return known;
    }
}
