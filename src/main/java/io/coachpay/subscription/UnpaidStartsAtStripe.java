package io.coachpay.subscription;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Access;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeInvoices;
import io.coachpay.stripe.StripeRefused;

/**
 * Ends subscriptions whose first invoice nobody has paid. Stripe leaves that invoice open when its subscription ends, and an
 * owner with its client secret could still pay, so that it is voided first. No database transaction is open meanwhile.
 *
 * @see <a href="https://docs.stripe.com/api/invoices/void">Stripe: void an invoice</a>
 */
@ApplicationScoped
class UnpaidStartsAtStripe {

    private static final String NOUN = "subscription";

    private final Access access;
    private final SubscriptionBooks books;
    private final SubscriptionLifeAtStripe life;
    private final StripeInvoices invoices;
    private final IdempotentCalls once;

    UnpaidStartsAtStripe(Access access, SubscriptionBooks books, SubscriptionLifeAtStripe life, StripeInvoices invoices,
            IdempotentCalls once) {
        this.access = access;
        this.books = books;
        this.life = life;
        this.invoices = invoices;
        this.once = once;
    }

    /**
     * Ends a subscription; what is paid for one too many meanwhile goes back. Another one stays if it is paid, or being paid.
     */
    void end(Subscription row) {
        String invoice = row.term().latestInvoice();
        if (row.status() == SubscriptionStatus.INCOMPLETE && invoice != null && !isVoid(row, invoice) && !row.isSurplus()) {
            life.refresh(String.valueOf(row.stripeId()));
            return;
        }
        life.end(row);
    }

    private boolean isVoid(Subscription row, String invoice) {
        try {
            once.change(new Spending<String>(() -> access.asService(() -> books.spendAttempt(row.id()))) {
                @Override
                public String call(int attempt) {
                    invoices.voidOpen(invoice, IdempotentCalls.key(NOUN, row.id(), "void-invoice", attempt));
                    return invoice;
                }
            });
            return true;
        } catch (StripeRefused.UnexpectedState notOpen) {
            return false;
        }
    }
}
