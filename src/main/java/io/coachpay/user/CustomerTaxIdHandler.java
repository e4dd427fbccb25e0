package io.coachpay.user;

import java.time.Instant;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.stripe.StripeTaxId;

/**
 * Applies Stripe's events about the numbers under which customers pay taxes.
 *
 * @see <a href="https://docs.stripe.com/api/events/types#event_types-customer.tax_id.created">Stripe: types of events</a>
 */
@ApplicationScoped
class CustomerTaxIdHandler implements EventHandler {

    private static final String CREATED = "customer.tax_id.created";
    private static final String UPDATED = "customer.tax_id.updated";
    private static final String DELETED = "customer.tax_id.deleted";

    @Override
    public Set<String> types() {
        return Set.of(CREATED, UPDATED, DELETED);
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        StripeTaxId said = StripeTaxId.from(event.object());
        CustomerTaxId row = row(said, event.created());
        if (row == null) {
            return;
        }
        if (event.type().equals(DELETED)) {
            row.remove(event.created());
        } else {
            row.mirror(said, event.created());
        }
        row.persist();
    }

    /** The row, locked with its customer; null where the account or a customer that is gone has the number. */
    private static @Nullable CustomerTaxId row(StripeTaxId said, Instant at) {
        if (said.customerId() == null) {
            return null;
        }
        Customer customer = Customer.byStripeId(said.customerId());
        if (customer == null) {
            throw new MissingParent("customer " + said.customerId());
        }
        return customer.isMissing() ? null
                : CustomerTaxId.byStripeId(said.id()).orElseGet(() -> new CustomerTaxId(customer.id(), said, at));
    }
}
