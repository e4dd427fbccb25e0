package io.coachpay.credit;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.payment.PaymentMetadata;
import io.coachpay.payment.PaymentMethods;
import io.coachpay.payment.PaymentRefused;
import io.coachpay.payment.PaymentStatus;
import io.coachpay.payment.Purpose;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionBooks.ReturnUrls;
import io.coachpay.payment.Transactions;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.user.CustomersAtStripe;

/** The door to purchases of credits: the credits are reserved before Stripe's page for them opens. */
@ApplicationScoped
class CreditPurchases {

    /** Each round ends one page whose time is over. */
    private static final int ROUNDS = 3;

    /** The parameter that Stripe names where it refuses the product. */
    private static final String PRODUCT = "line_items[0][price_data][product]";

    /** The parameter that it names where the page would end too soon. */
    private static final String ENDS = "expires_at";

    private final Access access;
    private final CustomersAtStripe customers;
    private final ProductsAtStripe products;
    private final CreditBooks books;
    private final Transactions payments;
    private final PaymentMethods methods;

    CreditPurchases(Access access, CustomersAtStripe customers, ProductsAtStripe products, CreditBooks books,
            Transactions payments, PaymentMethods methods) {
        this.access = access;
        this.customers = customers;
        this.products = products;
        this.books = books;
        this.payments = payments;
        this.methods = methods;
    }

    /**
     * Begins to buy a package, or goes on where its page is open.
     *
     * @throws NotFound for a package that is not for sale (404)
     * @throws PaymentRefused.TooManyCards after too many refused cards (429)
     * @throws CreditRefused.TooManyOpenCheckouts when the caller has as many purchases open as one may (409)
     * @throws CreditRefused.CapacityExceeded where the platform's limit has no room for the credits (409)
     */
    CreditCheckout buy(UUID packageId, PaymentMetadata metadata, ReturnUrls urls, boolean saveCard) {
        UUID me = access.userId();
        methods.requireAttempt();
        for (int round = 0; round < ROUNDS; round++) {
            // Nobody becomes a customer for a package that is not for sale.
            String product = products.toSell(packageId).orElse(null);
            String customer = customers.ensure(me);
            Transaction begun = access.asService(
                    () -> books.begin(me, customer, CreditPackage.onSale(packageId), product, metadata, urls, saveCard));
            Optional<CreditCheckout> open = open(begun, packageId, product).filter(page -> page.checkoutUrl() != null);
            if (open.isPresent()) {
                return open.get();
            }
            if (payments.cancel(begun.id()) == PaymentStatus.PROCESSING) {
                throw new PaymentRefused.InProgress();
            }
        }
        throw new PaymentRefused.InProgress();
    }

    /**
     * Opens Stripe's page; empty where Stripe opens none for this purchase any more, as it does not sell the product or too
     * little of its time is left, so that another is needed.
     */
    private Optional<CreditCheckout> open(Transaction begun, UUID packageId, @Nullable String product) {
        try {
            return Optional.of(show(payments.open(begun)));
        } catch (StripeRefused.ResourceMissing | StripeRefused.InvalidRequest refused) {
            String parameter = parameter(refused);
            if (product != null && PRODUCT.equals(parameter)) {
                products.gone(packageId, product);
            } else if (!ENDS.equals(parameter)) {
                throw refused;
            }
            return Optional.empty();
        }
    }

    private static @Nullable String parameter(StripeRefused refused) {
        return refused instanceof StripeRefused.ResourceMissing missing ? missing.parameter()
                : refused instanceof StripeRefused.InvalidRequest invalid ? invalid.parameter() : null;
    }

    /** The page that an earlier request of the caller's opened, as it is now. */
    CreditCheckout showAgain(UUID transactionId) {
        return show(payments.openAgain(payments.mine(transactionId)));
    }

    private static CreditCheckout show(Transactions.Opened opened) {
        return CreditCheckout.of(opened.payment(), opened.view().checkoutUrl());
    }

    /** Returns a page of the caller's purchases, newest first, with one more than asked for if there are more. */
    @Transactional
    List<Transaction> mine(Paging paging) {
        return Transaction.<Transaction> find("terms.payerId = ?1 and terms.type = ?2 and id < ?3 order by id desc",
                access.userId(), Purpose.CREDIT_PURCHASE.column(), paging.before()).page(0, paging.limit() + 1).list();
    }
}
