package io.coachpay.ledger;

import org.joda.money.BigMoney;
import org.joda.money.BigMoneyProvider;

/**
 * One line of a journal.
 *
 * @param amount signed: positive credits the account, negative debits it; never zero. Only accounts that count credits have
 *        more
 *        digits than their currency
 */
public record Entry(Account account, BigMoney amount) {

    public Entry {
        if (amount.isZero()) {
            throw new IllegalArgumentException("An entry of nothing on " + account.kind() + " says nothing");
        }
    }

    /** An entry of an amount of money. */
    public Entry(Account account, BigMoneyProvider amount) {
        this(account, amount.toBigMoney());
    }
}
