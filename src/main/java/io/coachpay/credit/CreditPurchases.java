package io.coachpay.credit;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.payment.PaymentMetadata;
import io.coachpay.payment.PaymentRefused;
import io.coachpay.payment.PaymentStatus;
import io.coachpay.payment.PaymentView;
import io.coachpay.payment.Purpose;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionBooks.ReturnUrls;
import io.coachpay.payment.Transactions;
import io.coachpay.user.CustomersAtStripe;

/** The door to purchases of credits: the credits are reserved before Stripe's page for them opens. */
@ApplicationScoped
class CreditPurchases {

    /** Each round ends one page whose time is over. */
    private static final int ROUNDS = 3;

    private final Access access;
    private final CustomersAtStripe customers;
    private final CreditBooks books;
    private final Transactions payments;

    CreditPurchases(Access access, CustomersAtStripe customers, CreditBooks books, Transactions payments) {
        this.access = access;
        this.customers = customers;
        this.books = books;
        this.payments = payments;
    }

    /**
     * Begins to buy a package, or goes on where its page is open.
     *
     * @throws NotFound for a package that is not for sale (404)
     * @throws CreditRefused.TooManyOpenCheckouts when the caller has as many purchases open as one may (409)
     * @throws CreditRefused.CapacityExceeded where the platform's limit has no room for the credits (409)
     */
    CreditCheckout buy(UUID packageId, PaymentMetadata metadata, ReturnUrls urls) {
        UUID me = access.userId();
        forSale(packageId);
        String customer = customers.ensure(me);
        for (int round = 0; round < ROUNDS; round++) {
            UUID id = access.asService(() -> books.begin(me, customer, forSale(packageId), null, metadata, urls));
            PaymentView open = payments.open(id);
            if (open.checkoutUrl() != null) {
                return show(open);
            }
            if (payments.cancel(id) == PaymentStatus.PROCESSING) {
                throw new PaymentRefused.InProgress();
            }
        }
        throw new PaymentRefused.InProgress();
    }

    /** The page that an earlier request of the caller's opened, as it is now. */
    CreditCheckout showAgain(UUID transactionId) {
        payments.mine(transactionId);
        return show(payments.open(transactionId));
    }

    private CreditCheckout show(PaymentView open) {
        return access.asService(() -> CreditCheckout.of(Transaction.findById(open.transactionId()), open.checkoutUrl()));
    }

    @Transactional
    CreditPackage forSale(UUID packageId) {
        return CreditPackage.<CreditPackage> findByIdOptional(packageId).filter(CreditPackage::isActive)
                .orElseThrow(() -> new NotFound("package"));
    }

    /** Returns a page of the caller's purchases, newest first, with one more than asked for if there are more. */
    @Transactional
    List<Transaction> mine(Paging paging) {
        return Transaction.<Transaction> find("terms.payerId = ?1 and terms.type = ?2 and id < ?3 order by id desc",
                access.userId(), Purpose.CREDIT_PURCHASE.column(), paging.before()).page(0, paging.limit() + 1).list();
    }
}
