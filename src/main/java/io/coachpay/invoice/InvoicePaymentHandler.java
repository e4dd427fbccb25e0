package io.coachpay.invoice;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.payment.Origin;
import io.coachpay.stripe.StripeEvents;
import io.coachpay.stripe.StripeInvoicePayment;

/**
 * Makes payments of invoices known: Stripe begins them, so they carry no id of ours, and they name no invoice. The first event
 * about one has its invoice fetched; the handlers of payments then find it. A success is reported by
 * {@code invoice_payment.paid} as well, so that the others about it wait for nothing.
 */
@ApplicationScoped
class InvoicePaymentHandler implements EventHandler {

    private static final String PAID = "invoice_payment.paid";
    private static final Set<String> OTHERS = Set.of("payment_intent.processing", "payment_intent.payment_failed",
            "payment_intent.canceled", "payment_intent.requires_action");

    private final Access access;
    private final InvoiceBooks books;

    InvoicePaymentHandler(Access access, InvoiceBooks books) {
        this.access = access;
        this.books = books;
    }

    @Override
    public Set<String> types() {
        return Stream.concat(Stream.of(PAID), OTHERS.stream()).collect(Collectors.toSet());
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    /** Payments that we began are nothing to this handler. */
    @Override
    public boolean takes(Event event) {
        return event.coachpayId() == null;
    }

    /** Before those of payments. */
    @Override
    public int order() {
        return -1;
    }

    @Override
    public List<Fetch> needs(Event event) {
        String intent = intent(event);
        if (intent == null) {
            return List.of();
        }
        boolean unknown = access.asService(() -> event.type().equals(PAID) ? !books.isBooked(intent)
                : !books.isKnown(intent) && books.isOurs(event.object().path("customer").textValue()));
        return unknown ? List.of(fetch(intent)) : List.of();
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        String intent = intent(event);
        if (intent != null && fetched.holds(fetch(intent))) {
            List<StripeInvoicePayment> found = fetched.find(fetch(intent)).map(StripeInvoicePayment::list).orElse(List.of());
            found.forEach(told -> books.pay(told, Origin.of(event), fetched.requestedAt(fetch(intent))));
            if (found.isEmpty() && event.type().equals(PAID)) {
                throw new MissingParent("invoice that is paid by " + intent);
            }
        } else if (event.type().equals(PAID)) {
            books.told(StripeInvoicePayment.from(event.object()));
        }
    }

    /** The PaymentIntent that the event is about; null where there is none. */
    private static @Nullable String intent(Event event) {
        return event.type().equals(PAID) ? StripeInvoicePayment.from(event.object()).paymentIntentId() : event.objectId();
    }

    private static Fetch fetch(String intent) {
        return new Fetch(StripeEvents.PAYMENTS_OF_INVOICE, intent, null);
    }
}
