package io.coachpay.payment;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;

/** Payments as their payers and coaches look at them, and administrators. */
@ApplicationScoped
public class Transactions {

    /** Two halves, each on its own index: an OR over both columns would read a busy coach's whole history. */
    private static final String MINE = """
            select * from (
              (select * from transactions where payer_id = ?1 and id < ?2 order by id desc limit ?3)
              union all
              (select * from transactions where coach_id = ?1 and id < ?2 order by id desc limit ?3)) as mine
             order by id desc limit ?3""";

    private final Access access;
    private final EntityManager entities;

    Transactions(Access access, EntityManager entities) {
        this.access = access;
        this.entities = entities;
    }

    /** A page of those the caller made or got, with one more than asked for if there are more. */
    @Transactional
    public List<Transaction> mine(Paging paging) {
        return entities.createNativeQuery(MINE, Transaction.class).setParameter(1, access.userId())
                .setParameter(2, paging.before())
                .setParameter(3, paging.limit() + 1).getResultStream().map(Transaction.class::cast).toList();
    }

    /** One that the caller made or got. */
    @Transactional
    public Transaction mine(UUID id) {
        return mine(Reference.to(id));
    }

    /** One that the caller made or got. */
    @Transactional
    public Transaction mine(Reference reference) {
        UUID me = access.userId();
        return Transaction.named(reference)
                .filter(transaction -> transaction.isBetween(me))
                .orElseThrow(() -> new NotFound("transaction"));
    }

    /** One that the caller made or got; any at all for administrators. */
    public Transaction mineOrAnybodysAsAdmin(UUID id) {
        return mineOrAnybodysAsAdmin(Reference.to(id));
    }

    /** One that the caller made or got; any at all for administrators. */
    public Transaction mineOrAnybodysAsAdmin(Reference reference) {
        if (!access.isAdmin()) {
            return mine(reference);
        }
        return access.asAdmin(() -> Transaction.named(reference).orElseThrow(() -> new NotFound("transaction")));
    }
}
