package io.coachpay.payment;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

import io.coachpay.money.Credits;

/** The credits that a payment buys, or that a session is paid with; none for any other payment. */
@Embeddable
public class PaymentCredits {

    @Column(name = "package_id", updatable = false)
    private @Nullable UUID packageId;
    @Column(name = "package_name", updatable = false)
    private @Nullable String packageName;
    @Column(name = "credit_amount", updatable = false)
    private @Nullable BigDecimal amount;
    @Column(name = "bonus_percentage", updatable = false)
    private BigDecimal bonusPercentage = BigDecimal.ZERO;
    @Column(name = "bonus_credits", updatable = false)
    private BigDecimal bonus = BigDecimal.ZERO;
    @Column(name = "credits_taken_back")
    private BigDecimal takenBack = BigDecimal.ZERO;
    @Column(name = "deferred_credits")
    private BigDecimal deferred = BigDecimal.ZERO;

    protected PaymentCredits() {
    }

    /** The credits agreed: bought, or none. */
    static PaymentCredits of(PaymentOrder order) {
        PaymentCredits credits = new PaymentCredits();
        PaymentOrder.Package bought = order.bought();
        if (bought != null) {
            credits.packageId = bought.id();
            credits.packageName = bought.name();
            credits.amount = bought.all().amount();
            credits.bonusPercentage = bought.bonusPercentage();
            credits.bonus = bought.bonus().amount();
        }
        return credits;
    }

    /** The same credits for another payment, of which nothing has happened. */
    PaymentCredits again() {
        PaymentCredits credits = new PaymentCredits();
        credits.packageId = packageId;
        credits.packageName = packageName;
        credits.amount = amount;
        credits.bonusPercentage = bonusPercentage;
        credits.bonus = bonus;
        return credits;
    }

    /** Pays a session's price with credits, which are deferred until its coach is paid. */
    void spend(Credits price) {
        amount = price.amount();
        deferred = price.amount();
    }

    /**
     * Sets how many of the bought credits went, since the money for them is not with the platform.
     *
     * @throws IllegalArgumentException for a negative number or more than were bought
     */
    public void takeBack(Credits total) {
        if (total.isNegative() || total.compareTo(bought()) > 0) {
            throw new IllegalArgumentException("Of " + bought() + " credits " + total + " cannot be taken back");
        }
        takenBack = total.amount();
    }

    /**
     * Takes deferred credits out: they go back to their user, or their coach is paid.
     *
     * @throws IllegalArgumentException for more than are deferred
     */
    public void settle(Credits part) {
        if (part.isNegative() || part.compareTo(deferred()) > 0) {
            throw new IllegalArgumentException("Of " + deferred() + " deferred credits " + part + " cannot be settled");
        }
        deferred = deferred().minus(part).amount();
    }

    /** Our id of the package that was bought; null for any other payment. */
    public @Nullable UUID packageId() {
        return packageId;
    }

    /** The package's name when it was bought; null for any other payment. */
    public @Nullable String packageName() {
        return packageName;
    }

    /** Whether the payment buys credits, or is made with some. */
    public boolean isCounted() {
        return amount != null;
    }

    /**
     * All credits that it buys, the bonus included, or that it is made with.
     *
     * @throws NullPointerException for a payment that neither buys credits nor is made with some
     */
    public Credits bought() {
        return Credits.of(Objects.requireNonNull(amount, "This payment is not about credits"));
    }

    /** Of the bought credits, those that the buyer's plan added. */
    public Credits bonus() {
        return Credits.of(bonus);
    }

    /** Of the bought credits, those that refunds and disputes took. */
    public Credits takenBack() {
        return Credits.of(takenBack);
    }

    /** Of the credits that paid for a session, those that neither went back nor were earned. */
    public Credits deferred() {
        return Credits.of(deferred);
    }
}
