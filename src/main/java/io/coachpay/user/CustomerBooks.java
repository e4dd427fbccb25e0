package io.coachpay.user;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import io.coachpay.inbox.MissingParent;
import io.coachpay.stripe.StripeCustomer;

/**
 * What we hold about people's Stripe customers, as Stripe tells it and as Stripe has to be told. Every verb runs inside the
 * caller's database transaction, and none calls Stripe.
 */
@ApplicationScoped
class CustomerBooks {

    private final Clock clock;

    CustomerBooks(Clock clock) {
        this.clock = clock;
    }

    /** The person changed name or e-mail, in the running transaction; whether Stripe has to hear of it. */
    @Transactional(TxType.MANDATORY)
    boolean ownerChanged(User user) {
        Customer customer = Customer.ofUser(user.id());
        return customer != null && customer.tell(user.email(), user.name());
    }

    /** Stripe made a customer for one of our rows; the event may overtake the call's own answer. */
    @Transactional(TxType.MANDATORY)
    void made(StripeCustomer stripes, Instant at) {
        UUID row = stripes.coachpayId();
        Customer customer = row == null ? null : Customer.byId(row);
        if (customer == null) {
            throw new MissingParent("customer row of " + stripes.id());
        }
        customer.made(stripes.id(), at);
    }

    /** Takes over what Stripe says of a customer at that second, unless something newer is known. */
    @Transactional(TxType.MANDATORY)
    void mirror(StripeCustomer stripes, Instant at) {
        if (isPredecessor(stripes)) {
            return;
        }
        Customer customer = of(stripes);
        if (stripes.deleted()) {
            customer.missing();
            return;
        }
        Instant second = at.truncatedTo(ChronoUnit.SECONDS);
        if (!customer.mirror(stripes.email(), stripes.name(), stripes.defaultPaymentMethodId(), second, clock.instant())) {
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
     * Takes over a customer that was read, as of the second in which it was asked for.
     *
     * @param sentAt when it was asked for
     * @return false when something of that second was taken over meanwhile: nobody knows which of the two came last, and the
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

    /** Stripe deleted the customer; the next need makes another. */
    @Transactional(TxType.MANDATORY)
    void deleted(StripeCustomer stripes) {
        if (!isPredecessor(stripes)) {
            of(stripes).missing();
        }
    }

    /** One that was found to be gone, and has been replaced since or is about to be, is spoken of late. */
    private static boolean isPredecessor(StripeCustomer stripes) {
        UUID row = stripes.coachpayId();
        Customer customer = row == null ? null : Customer.byId(row);
        return customer != null && !stripes.id().equals(customer.stripeId())
                && (customer.stripeId() != null || customer.details().attempt() > 1);
    }

    /** Whether what we know is of that very second, so that only a fetch can tell which came last. */
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
