package io.coachpay.invoice;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeInvoice;

/**
 * Stripe's addresses of an invoice, which open it to anybody who has them: never logged.
 *
 * @param url the page of the invoice
 * @param pdf the invoice as a file
 * @param asOf when Stripe gave both, as it changes them
 */
@Embeddable
record InvoiceAddresses(@Column(name = "invoice_url") @Nullable String url, @Column(name = "invoice_pdf") @Nullable String pdf,
        @Column(name = "addresses_as_of") @Nullable Instant asOf) {

    /** They end at Stripe some time later. */
    private static final Duration LAST = Duration.ofDays(1);

    /** The addresses that Stripe gave at that moment; null where it gave none. */
    static @Nullable InvoiceAddresses of(StripeInvoice stripes, Instant at) {
        return stripes.url() == null ? null : new InvoiceAddresses(stripes.url(), stripes.pdf(), at);
    }

    /** Whether Stripe has these very addresses. */
    boolean areThoseOf(StripeInvoice stripes) {
        return Objects.equals(url, stripes.url()) && Objects.equals(pdf, stripes.pdf());
    }

    /** Whether they are too old to be given out. */
    boolean isOld(Instant now) {
        return asOf == null || asOf.plus(LAST).isBefore(now);
    }

    @Override
    public String toString() {
        return "InvoiceAddresses[" + asOf + "]";
    }
}
