package io.coachpay.stripe;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

/**
 * Stripe's billing portal, in which customers see to their subscriptions themselves, see
 * <a href="https://docs.stripe.com/customer-management">docs.stripe.com/customer-management</a>.
 */
@ApplicationScoped
public class StripePortal {

    private static final String PATH = "/v1/billing_portal/";

    private final StripeCalls calls;

    StripePortal(StripeCalls calls) {
        this.calls = calls;
    }

    /**
     * Makes a configuration: names, e-mail addresses and payment methods may be changed, subscriptions end with their period,
     * and may change to these prices. A trial ends with such a change: nobody asks there whether the other plan's was had.
     *
     * @param prices for each product, {@code prod_…}, its prices; in the order in which they are sent
     */
    public StripePortalConfiguration configure(UUID coachpayId, Map<String, List<String>> prices, String idempotencyKey) {
        StripeForm form = new StripeForm().put("features[customer_update][enabled]", true)
                .putEach("features[customer_update][allowed_updates]", List.of("name", "email"))
                .put("features[invoice_history][enabled]", true).put("features[payment_method_update][enabled]", true)
                .put("features[subscription_cancel][enabled]", true)
                .put("features[subscription_cancel][mode]", "at_period_end")
                .put("features[subscription_update][enabled]", !prices.isEmpty());
        if (!prices.isEmpty()) {
            form.putEach("features[subscription_update][default_allowed_updates]", Set.of("price"))
                    .put("features[subscription_update][proration_behavior]", "always_invoice")
                    .put("features[subscription_update][trial_update_behavior]", "end_trial");
        }
        int index = 0;
        for (Map.Entry<String, List<String>> product : prices.entrySet()) {
            String field = "features[subscription_update][products][" + index++ + "]";
            form.put(field + "[product]", product.getKey()).putEach(field + "[prices]", product.getValue());
        }
        form.putMetadata("metadata", coachpayId, Map.of());
        return StripePortalConfiguration.from(
                calls.post("portal_configurations.create", PATH + "configurations", form, idempotencyKey, null));
    }

    /** Finds the configurations made for our row, newest first; called before creating again. */
    public List<StripePortalConfiguration> find(UUID coachpayId) {
        return calls.all("portal_configurations.list", PATH + "configurations", StripeForm::new,
                StripePortalConfiguration::from).stream().filter(configuration -> configuration.isOf(coachpayId)).toList();
    }

    /**
     * Opens a visit, and returns its address, which lets anybody in who has it.
     *
     * @param flow the one act that the visit is for, in Stripe's words; null for all
     * @param subscriptionId the subscription that the act is about; null where it is about none
     */
    public String open(String customerId, String configurationId, String returnUrl, @Nullable String flow,
            @Nullable String subscriptionId) {
        StripeForm form = new StripeForm().put("customer", customerId).put("configuration", configurationId)
                .put("return_url", returnUrl).put("flow_data[type]", flow);
        if (subscriptionId != null) {
            form.put("flow_data[" + flow + "][subscription]", subscriptionId);
        }
        return new StripeFields(calls.postAnew("portal_sessions.create", PATH + "sessions", form)).required("url");
    }
}
