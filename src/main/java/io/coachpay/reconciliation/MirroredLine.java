package io.coachpay.reconciliation;

import java.util.UUID;

import io.coachpay.ledger.Journal;

/** A mirrored balance transaction that is due to be booked, and the journal it makes; the journal's reference is its id. */
record MirroredLine(UUID id, Journal journal) {
}
