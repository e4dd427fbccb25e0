package io.coachpay.payment;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.ChangedRows;
import io.coachpay.access.Rows;
import io.coachpay.access.Rows.Column;
import io.coachpay.inbox.Subject;
import io.coachpay.inbox.Subjects;
import io.coachpay.ledger.LastJournals;

/** Locks and writes the payments of events that are applied together, and what was bought with them. */
@ApplicationScoped
class PaymentSubjects implements Subjects {

    private static final String KNOWN = "select id, type, status, stripe_payment_intent_id from transactions where id = any (?)";

    private final Rows ofService;
    private final Purchases purchases;
    private final ChangedRows changed;
    private final LastJournals journals;

    PaymentSubjects(@io.quarkus.agroal.DataSource("service") DataSource service, Purchases purchases, ChangedRows changed,
            LastJournals journals) {
        this.ofService = new Rows(service);
        this.purchases = purchases;
        this.changed = changed;
        this.journals = journals;
    }

    /** The columns that decide whether a payment is ordinary. */
    private record Known(UUID id, String type, PaymentStatus status, @Nullable String paymentIntent) {

        /** Money for a cancelled payment, or by a second PaymentIntent, locks more than the payment's own rows. */
        boolean isOrdinaryFor(Subject subject) {
            boolean other = paymentIntent != null && subject.paymentIntent() != null
                    && !paymentIntent.equals(subject.paymentIntent());
            return status != PaymentStatus.CANCELED && !other && (!subject.onlyPaid() || status.isPaid());
        }
    }

    @Override
    public Set<Subject> ordinary(Collection<Subject> subjects) {
        Map<UUID, Known> known = new HashMap<>();
        ofService
                .query(KNOWN,
                        row -> new Known(row.getObject("id", UUID.class), row.getString("type"),
                                PaymentStatus.of(row.getString("status")),
                                row.getString("stripe_payment_intent_id")),
                        ids(subjects))
                .forEach(one -> known.put(one.id(), one));
        return subjects.stream().filter(subject -> Optional.ofNullable(known.get(subject.payment()))
                .filter(payment -> purchases.areAppliedTogether(payment.type()) && payment.isOrdinaryFor(subject)).isPresent())
                .collect(Collectors.toSet());
    }

    private static Column ids(Collection<Subject> subjects) {
        return new Column("uuid", subjects.stream().map(Subject::payment).distinct().toList());
    }

    @Override
    @Transactional(TxType.MANDATORY)
    public void lock(Collection<Subject> subjects) {
        journals.collect();
        List<Transaction> payments = TransactionQueries
                .locked(subjects.stream().map(Subject::payment).collect(Collectors.toSet()));
        Map<UUID, Transaction> byId = payments.stream().collect(Collectors.toMap(Transaction::id, payment -> payment));
        for (Subject subject : subjects) {
            Transaction payment = byId.get(subject.payment());
            if (payment == null || !new Known(payment.id(), payment.terms().type(), payment.status(), payment.paymentIntent())
                    .isOrdinaryFor(subject)) {
                throw new IllegalStateException("Payment " + subject.payment() + " is ordinary no more");
            }
        }
        purchases.lock(payments);
    }

    @Override
    @Transactional(TxType.MANDATORY)
    public void write() {
        changed.write();
        journals.postCollected();
    }
}
