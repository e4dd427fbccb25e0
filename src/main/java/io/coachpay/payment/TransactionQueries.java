package io.coachpay.payment;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import jakarta.persistence.LockModeType;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.http.NotFound;

/** Finds payments, by what several classes look for. */
public final class TransactionQueries {

    private TransactionQueries() {
    }

    /** @throws NotFound for an unknown id */
    static Transaction known(UUID id) {
        return Transaction.<Transaction> findByIdOptional(id).orElseThrow(() -> new NotFound("transaction"));
    }

    /** Finds the payment and locks it until the database transaction ends. */
    public static Optional<Transaction> locked(UUID id) {
        return Optional.ofNullable(Transaction.findById(id, LockModeType.PESSIMISTIC_WRITE));
    }

    /** Finds payments and locks them in the order of their ids, until the database transaction ends. */
    static List<Transaction> locked(Set<UUID> ids) {
        return Transaction.<Transaction> find("id in ?1 order by id", ids).withLock(LockModeType.PESSIMISTIC_WRITE).list();
    }

    /**
     * Finds and locks the payment that an object of Stripe's belongs to, by our id in its metadata or else by its
     * PaymentIntent. A PaymentIntent that no payment has falls back on our id.
     *
     * @param metadataId the object's {@code coachpay_id} or transfer group; null or another system's id if it is not ours
     */
    public static Optional<Transaction> locked(@Nullable String metadataId, @Nullable String paymentIntent) {
        Optional<Transaction> named = Ids.find(metadataId).flatMap(TransactionQueries::locked);
        if (paymentIntent == null || named.isPresent() && !named.get().atStripe().isOther(paymentIntent)) {
            return named;
        }
        return lockedBy("paymentIntent", paymentIntent).or(() -> named);
    }

    /** Finds the payment of a charge and locks it. */
    public static Optional<Transaction> lockedByCharge(String charge) {
        return lockedBy("charge", charge);
    }

    /** Finds the payment of an application fee and locks it. */
    public static Optional<Transaction> lockedByApplicationFee(String fee) {
        return lockedBy("applicationFee", fee);
    }

    private static Optional<Transaction> lockedBy(String field, String stripeId) {
        return Transaction.<Transaction> find("atStripe." + field, stripeId).withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    static Optional<Transaction> byPaymentIntent(String paymentIntent) {
        return Transaction.find("atStripe.paymentIntent", paymentIntent).firstResultOptional();
    }

    /** Finds the one payment for a session that may still buy it, or has. */
    public static Optional<Transaction> liveOfSession(UUID sessionId) {
        return Transaction.find("terms.type = ?1 and terms.sessionId = ?2 and status <> CANCELED"
                + " and not completion.surplus and completion.heldAt is null", Purpose.SESSION_PAYMENT.column(), sessionId)
                .firstResultOptional();
    }
}
