package io.coachpay.coach;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.stripe.StripeAccount;

/** Stripe's latest state of an account, whole, with its time: it is replaced, never changed. */
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
    @Column(name = "stripe_as_of")
    private @Nullable Instant asOf;
    @Column(name = "stripe_told_at")
    private @Nullable Instant toldAt;

    protected AccountMirror() {
    }

    /** The state of an account before Stripe's first report. */
    static AccountMirror unknown() {
        return new AccountMirror();
    }

    /**
     * The state that Stripe reported.
     *
     * @param at the second that it is of, by Stripe's clock
     * @param now by our clock
     */
    static AccountMirror of(StripeAccount stripes, Instant at, Instant now) {
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
        mirror.asOf = at;
        mirror.toldAt = now;
        return mirror;
    }

    /** Whether it is of a later second than that news. */
    boolean isNewerThan(Instant at) {
        return asOf != null && at.isBefore(asOf);
    }

    /** Whether news is of the same second; events have no order within a second. */
    boolean isAsOldAs(Instant at) {
        return at.equals(asOf);
    }

    /**
     * Whether it is of that second or a later one and was mirrored after a request, so that the answer may be stale.
     *
     * @param sentAt by our clock
     * @param at the second of the answer
     */
    boolean isToldSince(Instant sentAt, Instant at) {
        return toldAt != null && toldAt.isAfter(sentAt) && asOf != null && !asOf.isBefore(at);
    }

    /** Needs both capabilities of a destination charge: charges, and transfers from the platform. */
    boolean canBeCharged() {
        return chargesEnabled && transfersEnabled;
    }

    boolean payoutsEnabled() {
        return payoutsEnabled;
    }

    /** Whether the coach has submitted Stripe's form, which Stripe may still find incomplete. */
    boolean detailsSubmitted() {
        return detailsSubmitted;
    }

    /** ISO 4217 code, upper case; null before Stripe reports it. */
    @Nullable
    String defaultCurrency() {
        return defaultCurrency;
    }

    /** Whether money of this currency reaches the coach's bank without a conversion. */
    boolean settles(String currency) {
        return currency.equals(defaultCurrency) || settledCurrencies.contains(currency);
    }

    /** Whether the coach has a bank account for this currency. */
    boolean hasBankFor(String currency) {
        return bankCurrencies == null ? settles(currency) : bankCurrencies.contains(currency);
    }

    /** The details that Stripe still requires. */
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
