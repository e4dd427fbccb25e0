package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

/** Stripe's customers, see <a href="https://docs.stripe.com/api/customers">docs.stripe.com/api/customers</a>. */
@ApplicationScoped
public class StripeCustomers {

    private static final String PATH = "/v1/customers";

    private final StripeCalls calls;

    StripeCustomers(StripeCalls calls) {
        this.calls = calls;
    }

    /** Creates the customer of our row. */
    public StripeCustomer create(UUID coachpayId, @Nullable String email, @Nullable String name, String idempotencyKey) {
        StripeForm form = new StripeForm().put("email", email).put("name", name).putMetadata("metadata", coachpayId, Map.of());
        return StripeCustomer.from(calls.post("customers.create", PATH, form, idempotencyKey, null));
    }

    /** Changes name and e-mail; null leaves a field unchanged. */
    public StripeCustomer update(String customerId, @Nullable String email, @Nullable String name, String idempotencyKey) {
        return change("customers.update", customerId, new StripeForm().put("email", email).put("name", name), idempotencyKey);
    }

    /**
     * Sets the address at which tax is due, and the name on invoices. {@link StripeRefused.InvalidRequest#isPlaceUnknown} means
     * that the address does not tell; nothing is changed then. Stripe answers so without Stripe Tax too (verify).
     *
     * @param name null leaves it unchanged
     * @see <a href="https://docs.stripe.com/tax/customer-locations">Stripe: locations of customers</a>
     */
    public StripeCustomer bill(String customerId, @Nullable String name, StripeAddress address, String idempotencyKey) {
        StripeForm form = new StripeForm().put("name", name);
        address.putOn(form);
        return change("customers.bill", customerId, form.put("tax[validate_location]", "immediately"), idempotencyKey);
    }

    /** Sets the payment method for invoices. */
    public StripeCustomer chooseDefaultPaymentMethod(String customerId, String paymentMethodId, String idempotencyKey) {
        StripeForm form = new StripeForm().put("invoice_settings[default_payment_method]", paymentMethodId);
        return change("customers.update_default", customerId, form, idempotencyKey);
    }

    /** Reads a customer; a deleted one is found and says so. */
    public StripeCustomer retrieve(String customerId) {
        String operation = "customers.retrieve";
        return StripeCustomer.from(calls.get(operation, path(operation, customerId), new StripeForm(), null));
    }

    /** Deletes a customer with its payment methods. Deleting it again is refused as {@link StripeRefused.ResourceMissing}. */
    public void delete(String customerId) {
        String operation = "customers.delete";
        calls.delete(operation, path(operation, customerId));
    }

    /**
     * Finds the customers made for our row, newest first; called before creating again. A day in which thousands of customers
     * were made is listed as far as its newest ones; Stripe's search finds the others by our id, after a minute or, on a bad
     * day, an hour (verify).
     *
     * @param since when the row was begun, or last looked for in vain: any call for it came within a day of that
     * @see <a href="https://docs.stripe.com/search#data-freshness">Stripe: search, data freshness</a>
     */
    public List<StripeCustomer> find(UUID coachpayId, Instant since) {
        StripeCalls.Sought<StripeCustomer> listed = calls.seek("customers.list", PATH, () -> StripeCalls.withinADayOf(since),
                StripeCustomer::from, customer -> customer.isOf(coachpayId));
        if (listed.whole()) {
            return listed.found();
        }
        StripeForm query = new StripeForm().put("query", "metadata['coachpay_id']:'" + coachpayId + "'");
        return calls.page("customers.search", PATH + "/search", query, null, StripeCustomer::from).data().stream()
                .filter(customer -> customer.isOf(coachpayId)).toList();
    }

    private StripeCustomer change(String operation, String customerId, StripeForm form, String idempotencyKey) {
        return StripeCustomer.from(calls.post(operation, path(operation, customerId), form, idempotencyKey, null));
    }

    private static String path(String operation, String customerId) {
        return PATH + "/" + StripeCalls.id(operation, customerId);
    }
}
