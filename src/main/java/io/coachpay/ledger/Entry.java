package io.coachpay.ledger;

import org.joda.money.Money;

/**
 * One line of a journal.
 *
 * @param amount signed: positive credits the account, negative debits it; never zero
 */
public record Entry(Account account, Money amount) {

    public Entry {
        if (amount.isZero()) {
            throw new IllegalArgumentException("An entry of nothing on " + account.kind() + " says nothing");
        }
    }
}
