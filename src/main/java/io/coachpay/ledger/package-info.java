/**
 * The only source of balances: accounts, journals and entries, double entry, append-only.
 * <p>
 * Every movement of money is one {@link io.coachpay.ledger.Journal} whose entries sum to zero per currency, made by
 * {@link io.coachpay.ledger.Postings} and nowhere else. A journal is posted once for each fact: posting it again does nothing.
 * The database moves balances from entries; no code here or elsewhere writes one.
 */
@NullMarked
package io.coachpay.ledger;

import org.jspecify.annotations.NullMarked;
