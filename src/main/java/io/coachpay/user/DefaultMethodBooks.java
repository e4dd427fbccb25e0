package io.coachpay.user;

import java.util.Objects;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jspecify.annotations.Nullable;

/**
 * Keeps which payment method is a customer's default: Stripe's word, and wishes that Stripe has yet to hear of. Every verb runs
 * inside the caller's database transaction and locks the customer's row, which every change of payment methods locks first.
 */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
public class DefaultMethodBooks {

    /** The owner of a customer at Stripe, whose row is locked by then; null for one that we do not know, or know as deleted. */
    public @Nullable CustomerOwner ownerOf(String stripeId) {
        Customer customer = Customer.byStripeId(stripeId);
        return customer == null || customer.isMissing() ? null : customer.owner();
    }

    /** Locks the owner's customer; whether there is one at Stripe, with this id. */
    public boolean lock(CustomerOwner owner, String stripeId) {
        Customer customer = Customer.of(owner);
        return customer != null && !customer.isMissing() && stripeId.equals(customer.stripeId());
    }

    /** Locks the owner's customer, if there is one. */
    public void lock(CustomerOwner owner) {
        Customer.of(owner);
    }

    /** The default by Stripe's word, {@code pm_…}; null for none. */
    public @Nullable String known(CustomerOwner owner) {
        Customer customer = Customer.of(owner);
        return customer == null ? null : customer.defaultMethod().known();
    }

    /** The default that the owner wants, or has; null for none. */
    public @Nullable String wanted(CustomerOwner owner) {
        Customer customer = Customer.of(owner);
        if (customer == null) {
            return null;
        }
        String wanted = customer.defaultMethod().wanted();
        return wanted == null ? customer.defaultMethod().known() : wanted;
    }

    /** Whether the owner has a wish that Stripe has yet to hear of; one of ours, if Stripe has no default, is not one. */
    public boolean isWished(CustomerOwner owner) {
        Customer customer = Customer.of(owner);
        return customer != null && customer.defaultMethod().wanted() != null && !customer.defaultMethod().isIfNone();
    }

    /** Records the wish that a method be the default. {@link DefaultMethodsAtStripe} sends it. */
    public void want(CustomerOwner owner, String method) {
        existing(owner).defaultMethod().want(method);
    }

    /** Records that a method is to be the default if Stripe has none. */
    public void wantIfNone(CustomerOwner owner, String method) {
        existing(owner).defaultMethod().wantIfNone(method);
    }

    /** Drops the wish for a method that was removed at Stripe. */
    public void removed(CustomerOwner owner, String method) {
        Customer customer = Customer.of(owner);
        if (customer != null) {
            customer.defaultMethod().drop(method);
        }
    }

    private static Customer existing(CustomerOwner owner) {
        return Objects.requireNonNull(Customer.of(owner), "An owner of payment methods is a customer");
    }
}
