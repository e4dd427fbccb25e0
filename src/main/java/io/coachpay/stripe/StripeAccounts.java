package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Coaches' accounts at Stripe, see <a href="https://docs.stripe.com/connect/accounts">docs.stripe.com/connect/accounts</a>:
 * Express dashboards; the platform pays Stripe's fees and bears losses; Stripe collects the requirements.
 */
@ApplicationScoped
public class StripeAccounts {

    private static final String PATH = "/v1/accounts";

    private static final String SETTINGS = "/v1/balance_settings";

    /** Embedded components that show and onboard; none of them moves money, since payouts are ours to decide. */
    private static final List<String> COMPONENTS = List.of("account_onboarding", "account_management",
            "notification_banner", "payouts_list", "documents");

    private final StripeCalls calls;
    private volatile @Nullable String platform;

    StripeAccounts(StripeCalls calls) {
        this.calls = calls;
    }

    /**
     * Creates the account of our row.
     *
     * @param country two letters; cannot be changed later
     * @param businessType {@code individual} or {@code company}, null to let the coach say
     */
    public StripeAccount create(UUID coachpayId, String country, @Nullable String businessType, @Nullable String email,
            String idempotencyKey) {
        StripeForm form = new StripeForm().put("controller[fees][payer]", "application")
                .put("controller[losses][payments]", "application")
                .put("controller[requirement_collection]", "stripe")
                .put("controller[stripe_dashboard][type]", "express")
                .put("capabilities[card_payments][requested]", true).put("capabilities[transfers][requested]", true)
                .put("country", country).put("business_type", businessType).put("email", email)
                .putMetadata("metadata", coachpayId, Map.of());
        return StripeAccount.from(calls.post("accounts.create", PATH, form, idempotencyKey, null));
    }

    /** The platform's own account, {@code acct_…}, which our key belongs to. Asks Stripe once. */
    public String platformId() {
        String known = platform;
        if (known == null) {
            known = StripeFields.of(calls.get("account.retrieve", "/v1/account", new StripeForm(), null), StripeAccount.OBJECT)
                    .required("id");
            platform = known;
        }
        return known;
    }

    /** Reads an account; refused as {@link StripeRefused.NotPermitted} once its owner has disconnected it. */
    public StripeAccount retrieve(String accountId) {
        String operation = "accounts.retrieve";
        String path = PATH + "/" + StripeCalls.id(operation, accountId);
        return StripeAccount.from(calls.get(operation, path, new StripeForm(), null));
    }

    /**
     * Finds the accounts made for our row, newest first; called before creating again.
     *
     * @param since when the row was begun, or last looked for in vain: any call for it came within a day of that
     */
    public List<StripeAccount> find(UUID coachpayId, Instant since) {
        return calls.all("accounts.list", PATH, () -> StripeCalls.withinADayOf(since), StripeAccount::from).stream()
                .filter(account -> account.isOf(coachpayId)).toList();
    }

    /**
     * Makes a link to Stripe's onboarding form, for one visit within minutes. Coming back from it says nothing about
     * completion.
     *
     * @param refreshUrl where Stripe sends the coach for another link when this one is used up
     * @param returnUrl where Stripe sends the coach when the visit ends
     */
    public StripeLink onboardingLink(String accountId, String refreshUrl, String returnUrl) {
        StripeForm form = new StripeForm().put("account", accountId).put("type", "account_onboarding")
                .put("refresh_url", refreshUrl).put("return_url", returnUrl);
        return link(calls.postAnew("account_links.create", "/v1/account_links", form));
    }

    /** Makes a link that logs the coach in to the Express dashboard; refused before onboarding. */
    public StripeLink loginLink(String accountId) {
        String operation = "login_links.create";
        String path = PATH + "/" + StripeCalls.id(operation, accountId) + "/login_links";
        return link(calls.postAnew(operation, path, new StripeForm()));
    }

    /**
     * Makes a secret for embedded components, see <a href="https://docs.stripe.com/api/account_sessions">docs.stripe.com</a>.
     */
    public StripeAccountSession accountSession(String accountId) {
        StripeForm form = new StripeForm().put("account", accountId);
        COMPONENTS.forEach(component -> form.put("components[" + component + "][enabled]", true));
        StripeFields session = new StripeFields(calls.postAnew("account_sessions.create", "/v1/account_sessions", form));
        return new StripeAccountSession(session.required("client_secret"), session.instant("expires_at"));
    }

    /**
     * Makes payouts ours to decide, and keeps Stripe from debiting the coach's bank, see
     * <a href="https://docs.stripe.com/api/balance-settings">docs.stripe.com/api/balance-settings</a>.
     */
    public StripeBalanceSettings makePayoutsManual(String accountId, String idempotencyKey) {
        StripeForm form = new StripeForm().put("payments[payouts][schedule][interval]", "manual")
                .put("payments[debit_negative_balances]", false);
        JsonNode settings = calls.post("balance_settings.update", SETTINGS, form, idempotencyKey, accountId);
        return StripeBalanceSettings.from(settings);
    }

    /** Reads the settings that say who decides on the account's payouts. */
    public StripeBalanceSettings balanceSettings(String accountId) {
        return StripeBalanceSettings.from(calls.get("balance_settings.retrieve", SETTINGS, new StripeForm(), accountId));
    }

    private static StripeLink link(JsonNode json) {
        StripeFields link = new StripeFields(json);
        return new StripeLink(link.required("url"), link.instant("expires_at"));
    }
}
