package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A connected account, see <a href="https://docs.stripe.com/api/accounts/object">docs.stripe.com</a>.
 *
 * @param chargesEnabled whether it can be charged for; see {@link #canBePaid()} for our kind of charge
 * @param payoutsEnabled whether money can leave it for its bank
 * @param detailsSubmitted whether its owner completed the form; says nothing about Stripe's review of it
 * @param capabilities by name, such as {@code transfers}, each {@code active}, {@code inactive} or {@code pending}
 * @param settlementCurrencies upper-case codes of the currencies of its bank accounts, and of its default currency
 * @param bankCurrencies upper-case codes of the currencies that it can be paid out in; a bank from which a payout came back
 *        does not count until its details are updated
 * @param instantCurrencies those of them that it can be paid out in at once
 * @param businessProfile as Stripe sends it, null if it does not
 */
public record StripeAccount(String id, boolean chargesEnabled, boolean payoutsEnabled, boolean detailsSubmitted,
        Map<String, String> capabilities, Requirements requirements, @Nullable String country,
        @Nullable String defaultCurrency, Set<String> settlementCurrencies,
        Set<String> bankCurrencies, Set<String> instantCurrencies, @Nullable String businessType,
        @Nullable JsonNode businessProfile, @Nullable String email, Map<String, String> metadata,
        Instant created) implements StripeTagged {

    public static final String OBJECT = "account";

    /**
     * Stripe's requirements, as <a href="https://docs.stripe.com/connect/handling-api-verification">its own codes</a>.
     *
     * @param disabledReason why the account is restricted, null if it is not
     * @param currentDeadline when the currently due ones turn past due
     * @param json the whole, as Stripe sent it, to be stored; an empty object if it sent none
     */
    public record Requirements(List<String> currentlyDue, List<String> eventuallyDue, List<String> pastDue,
            List<String> pendingVerification, @Nullable String disabledReason, @Nullable Instant currentDeadline,
            JsonNode json) {

        /** Whether a requirement is due now. */
        public boolean isDue() {
            return !currentlyDue.isEmpty() || !pastDue.isEmpty();
        }
    }

    /** Whether a destination charge can be made: charges are enabled and transfers are active. */
    public boolean canBePaid() {
        return chargesEnabled && "active".equals(capabilities.get("transfers"));
    }

    /** Reads what Stripe sends as an account. */
    public static StripeAccount from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        String businessType = fields.text("business_type");
        JsonNode profile = json.path("business_profile");
        return new StripeAccount(fields.required("id"), fields.flag("charges_enabled"),
                fields.flag("payouts_enabled") || fields.flag("transfers_enabled"), fields.flag("details_submitted"),
                fields.texts("capabilities"), requirements(fields), fields.text("country"),
                upper(fields.text("default_currency")), currencies(fields), bankCurrencies(fields, false),
                bankCurrencies(fields, true),
                businessType == null ? fields.at("legal_entity").text("type") : businessType,
                profile.isObject() ? profile : null, fields.text("email"), fields.metadata(), fields.created());
    }

    /** Before 2019-02-19 requirements were in the field "verification". */
    private static Requirements requirements(StripeFields fields) {
        StripeFields now = fields.at("requirements");
        if (now.isPresent()) {
            return new Requirements(now.list("currently_due"), now.list("eventually_due"), now.list("past_due"),
                    now.list("pending_verification"), now.text("disabled_reason"), now.instant("current_deadline"),
                    now.json());
        }
        StripeFields before = fields.at("verification");
        return new Requirements(before.list("fields_needed"), before.list("fields_needed"), List.of(), List.of(),
                before.text("disabled_reason"), before.instant("due_by"),
                before.isPresent() ? before.json() : StripeCalls.JSON.createObjectNode());
    }

    private static Set<String> currencies(StripeFields fields) {
        Set<String> currencies = new TreeSet<>();
        fields.data("external_accounts").forEach(bank -> add(currencies, new StripeFields(bank).text("currency")));
        add(currencies, fields.text("default_currency"));
        return Set.copyOf(currencies);
    }

    /** Payouts go to the default bank account for their currency, so the eligibility of others does not count. */
    private static Set<String> bankCurrencies(StripeFields fields, boolean instant) {
        Set<String> currencies = new TreeSet<>();
        for (JsonNode json : fields.data("external_accounts")) {
            StripeFields bank = new StripeFields(json);
            if ("errored".equals(bank.text("status"))) {
                continue;
            }
            boolean isDefault = json.path("default_for_currency").asBoolean(true);
            if (!instant || isDefault && bank.list("available_payout_methods").contains("instant")) {
                add(currencies, bank.text("currency"));
            }
        }
        return Set.copyOf(currencies);
    }

    private static void add(Set<String> currencies, @Nullable String code) {
        String upper = upper(code);
        if (upper != null) {
            currencies.add(upper);
        }
    }

    private static @Nullable String upper(@Nullable String code) {
        return code == null ? null : code.toUpperCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return "StripeAccount[" + id + ", charges " + chargesEnabled + ", payouts " + payoutsEnabled + "]";
    }
}
