package io.coachpay.coach;

import java.util.ArrayList;
import java.util.List;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.stripe.StripeAccount;

/** Stripe's latest state of an account, whole: it is replaced, never changed. */
@Embeddable
class AccountMirror {

    @Column(name = "details_submitted")
    private boolean detailsSubmitted;
    @Column(name = "requires_onboarding")
    private boolean requiresOnboarding = true;
    @Column(name = "charges_enabled")
    private boolean chargesEnabled;
    @Column(name = "transfers_enabled")
    private boolean transfersEnabled;
    @Column(name = "payouts_enabled")
    private boolean payoutsEnabled;
    @JdbcTypeCode(SqlTypes.CHAR)
    @Column(name = "default_currency", length = 3)
    private @Nullable String defaultCurrency;
    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(name = "settled_currencies", columnDefinition = "text[]")
    private List<String> settledCurrencies = List.of();
    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(name = "bank_currencies", columnDefinition = "text[]")
    private @Nullable List<String> bankCurrencies;
    @JdbcTypeCode(SqlTypes.JSON)
    @Column(name = "business_profile")
    private @Nullable JsonNode businessProfile;
    @JdbcTypeCode(SqlTypes.JSON)
    private @Nullable JsonNode requirements;

    protected AccountMirror() {
    }

    /** The state of an account before Stripe's first report. */
    static AccountMirror unknown() {
        return new AccountMirror();
    }

    static AccountMirror of(StripeAccount stripes) {
        AccountMirror mirror = new AccountMirror();
        mirror.detailsSubmitted = stripes.detailsSubmitted();
        mirror.requiresOnboarding = !stripes.detailsSubmitted();
        mirror.chargesEnabled = stripes.chargesEnabled();
        mirror.transfersEnabled = "active".equals(stripes.capabilities().get("transfers"));
        mirror.payoutsEnabled = stripes.payoutsEnabled();
        mirror.defaultCurrency = stripes.defaultCurrency();
        mirror.settledCurrencies = stripes.settlementCurrencies().stream().sorted().toList();
        mirror.bankCurrencies = stripes.bankCurrencies().stream().sorted().toList();
        mirror.businessProfile = stripes.businessProfile();
        mirror.requirements = stripes.requirements().json();
        return mirror;
    }

    /** Needs both capabilities of a destination charge: charges, and transfers from the platform. */
    boolean canBeCharged() {
        return chargesEnabled && transfersEnabled;
    }

    boolean payoutsEnabled() {
        return payoutsEnabled;
    }

    boolean detailsSubmitted() {
        return detailsSubmitted;
    }

    @Nullable
    String defaultCurrency() {
        return defaultCurrency;
    }

    boolean settles(String currency) {
        return currency.equals(defaultCurrency) || settledCurrencies.contains(currency);
    }

    boolean hasBankFor(String currency) {
        return bankCurrencies == null ? settles(currency) : bankCurrencies.contains(currency);
    }

    Requirements requirements() {
        return Requirements.of(requirements);
    }

    /**
     * The reasons why something cannot be done.
     *
     * @param beingVerified whether it is Stripe's turn
     */
    List<Reason> reasons(boolean beingVerified) {
        if (requiresOnboarding) {
            return List.of(Reason.ONBOARDING_INCOMPLETE);
        }
        List<Reason> reasons = new ArrayList<>();
        if (requirements().isDue()) {
            reasons.add(Reason.REQUIREMENTS_DUE);
        } else if (beingVerified) {
            reasons.add(Reason.VERIFICATION_PENDING);
        }
        if (!canBeCharged()) {
            reasons.add(Reason.CHARGES_DISABLED);
        }
        if (!payoutsEnabled) {
            reasons.add(Reason.PAYOUTS_DISABLED);
        }
        return reasons;
    }
}
