package io.coachpay.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

import io.coachpay.bench.CoachBooks.Terms;

/** A session of a {@link History} and its payment. */
record Purchase(int number, long at, CoachBooks coach, Fate fate, UUID mentee) {

    private static final long DAY = Duration.ofDays(1).toMillis();

    UUID id() {
        return Made.TRANSACTION.id(at, number);
    }

    String intent() {
        return Made.TRANSACTION.stripeId("pi", number);
    }

    String charge() {
        return Made.CHARGE.stripeId("ch", number);
    }

    String fee() {
        return Made.APPLICATION_FEE.stripeId("fee", number);
    }

    String transfer() {
        return Made.TRANSFER.stripeId("tr", number);
    }

    String destinationPayment() {
        return Made.DESTINATION_PAYMENT.stripeId("py", number);
    }

    long refunded() {
        return !fate.refunds() ? 0 : fate == Fate.REFUNDED_HALF ? coach.terms.halfPrice() : coach.terms.price();
    }

    long feeRefunded() {
        return !fate.refunds() ? 0 : fate == Fate.REFUNDED_HALF ? coach.terms.halfFee() : coach.terms.fee();
    }

    /** Writes session, payment and transfer in their final state. */
    void write(Tables tables, long until) throws SQLException {
        writeSession(tables, until);
        writeTransaction(tables);
        if (fate != Fate.GIVEN_UP) {
            Terms terms = coach.terms;
            tables.transfers.uuid(Made.TRANSFER.id(at, number)).uuid(id()).uuid(coach.connectedAccount).text("payment")
                    .text(transfer()).text(destinationPayment()).amount(terms.price(), terms.digits()).text(terms.currency())
                    .time(at).time(at).end();
        }
    }

    private void writeSession(Tables tables, long until) throws SQLException {
        Terms terms = coach.terms;
        long starts = at + DAY;
        long ends = starts + Duration.ofMinutes(terms.minutes()).toMillis();
        boolean over = ends + DAY <= until;
        boolean cancelled = fate == Fate.CANCELLED;
        String status = switch (fate) {
            case GIVEN_UP -> "expired";
            case CANCELLED -> "cancelled";
            case KEPT, REFUNDED_HALF, REFUNDED_LATE -> over ? "completed" : "confirmed";
        };
        tables.sessions.uuid(Made.SESSION.id(at, number)).uuid(mentee).uuid(coach.id).time(starts).time(ends).text(status)
                .amount(terms.price(), terms.digits()).text(terms.currency()).amount(terms.fee(), terms.digits())
                .amount(terms.payout(), terms.digits()).text(fate == Fate.KEPT ? "paid" : paymentStatus()).text(intent())
                .amount(terms.rate(), terms.digits()).amount(20, 0).timeIf(cancelled, at + fate.after)
                .textIf(cancelled, "coach")
                .timeIf(status.equals("completed"), ends + DAY).time(at).time(at).end();
    }

    private void writeTransaction(Tables tables) throws SQLException {
        Terms terms = coach.terms;
        boolean paid = fate != Fate.GIVEN_UP;
        tables.transactions.uuid(id()).text("session_payment").text(fate == Fate.KEPT ? "completed" : paymentStatus())
                .text("payment_intent").amount(terms.price(), terms.digits()).text(terms.currency())
                .amount(terms.fee(), terms.digits()).amount(terms.payout(), terms.digits()).amount(refunded(), terms.digits())
                .uuid(mentee).uuid(coach.id).uuid(Made.SESSION.id(at, number)).text(coach.stripeAccount)
                .timeIf(paid, at).text(intent()).textIf(paid, charge()).textIf(paid, fee()).textIf(paid, transfer())
                .text(Made.CUSTOMER.stripeId("cus", mentee.getLeastSignificantBits() & 0xffff_ffffL)).text("card")
                .text("Coaching session").time(at).time(at).end();
    }

    /** The word that session and payment share, unless all is well. */
    private String paymentStatus() {
        return switch (fate) {
            case GIVEN_UP -> "canceled";
            case REFUNDED_HALF -> "partially_refunded";
            case CANCELLED, REFUNDED_LATE -> "refunded";
            case KEPT -> throw new IllegalStateException("Session and payment say it differently");
        };
    }

    /** Writes the refund, with its reversal and its fee refund. */
    void writeRefund(Tables tables, long refund, long time) throws SQLException {
        Terms terms = coach.terms;
        UUID refundId = Made.REFUND.id(time, refund);
        tables.refunds.uuid(refundId).uuid(id()).text(Made.REFUND.stripeId("re", refund)).amount(refunded(), terms.digits())
                .text(terms.currency()).text("succeeded").text("requested_by_customer").time(time).time(time).end();
        tables.reversals.uuid(Made.REVERSAL.id(time, refund)).uuid(Made.TRANSFER.id(at, number)).uuid(refundId)
                .text(Made.REVERSAL.stripeId("trr", refund)).text(Made.DESTINATION_REFUND.stripeId("pyr", refund))
                .amount(refunded(), terms.digits()).text(terms.currency()).time(time).time(time).time(time).end();
        tables.feeRefunds.uuid(Made.FEE_REFUND.id(time, refund)).uuid(id()).text(Made.FEE_REFUND.stripeId("fr", refund))
                .text(fee()).amount(feeRefunded(), terms.digits()).text(terms.currency()).time(time).time(time).time(time)
                .end();
    }
}
