package io.coachpay.invoice;

import io.coachpay.http.Refused;

/** Refusals to pay or refund an invoice. */
abstract class InvoiceRefused extends Refused {

    private InvoiceRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** Nothing of it can be paid. */
    static final class NotOpen extends InvoiceRefused {
        NotOpen(InvoiceStatus status) {
            super("invoice-not-open", 409, "Invoice not open", "Only an open invoice can be paid, and this one is "
                    + status.column());
            with("invoiceStatus", status.column());
        }
    }

    /** Paying it would buy nothing. */
    static final class Ended extends InvoiceRefused {
        Ended() {
            super("subscription-ended", 409, "Subscription ended",
                    "The subscription of this invoice has ended, so that paying it would give you nothing");
        }
    }

    /** No money came through Stripe for it, so that none can go back. */
    static final class NotPaid extends InvoiceRefused {
        NotPaid() {
            super("not-paid", 409, "Not paid", "Only what was paid through Stripe can be refunded");
        }
    }
}
