package io.coachpay.payment;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import org.jspecify.annotations.Nullable;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.stripe.StripePaymentMethod;

/**
 * Mirrors saved payment methods from Stripe; stale events change nothing. The row of a removed one stays as a mark, so that a
 * stale event does not bring it back.
 */
@ApplicationScoped
class PaymentMethodHandler implements EventHandler {

    private static final String OWNER = "select user_id from stripe_customers where stripe_customer_id = ?1 and user_id is not null for update";

    private final EntityManager entities;
    private final Clock clock;

    PaymentMethodHandler(EntityManager entities, Clock clock) {
        this.entities = entities;
        this.clock = clock;
    }

    @Override
    public Set<String> types() {
        return Set.of("payment_method.attached", "payment_method.updated", "payment_method.automatically_updated",
                "payment_method.detached");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        StripePaymentMethod method = StripePaymentMethod.from(event.object());
        if (event.type().equals("payment_method.detached") || method.customerId() == null) {
            detach(event, method);
            return;
        }
        UUID owner = owner(method.customerId());
        if (owner == null) {
            throw new MissingParent("owner of " + method.id());
        }
        PaymentMethod.byStripeId(owner, method.id()).ifPresentOrElse(saved -> saved.update(method, event.created()),
                () -> PaymentMethod
                        .of(owner, method, PaymentMethod.defaultOf(owner).isEmpty(), event.created(), clock.instant())
                        .persist());
    }

    private void detach(Event event, StripePaymentMethod method) {
        List<PaymentMethod> saved = PaymentMethod.byStripeId(method.id());
        saved.forEach(known -> known.detach(event.created()));
        String customer = event.previousAttributes().path("customer").textValue();
        UUID owner = saved.isEmpty() && customer != null ? owner(customer) : null;
        if (owner != null) {
            PaymentMethod.detached(owner, method, event.created(), clock.instant()).persist();
        }
    }

    private @Nullable UUID owner(String customer) {
        return (UUID) entities.createNativeQuery(OWNER, UUID.class).setParameter(1, customer).getResultStream().findFirst()
                .orElse(null);
    }
}
