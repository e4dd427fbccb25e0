package io.coachpay.reporting;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.dispute.DisputeView;
import io.coachpay.dispute.Disputes;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;
import io.coachpay.payment.DeclineReason;
import io.coachpay.payment.PaymentAmounts;
import io.coachpay.payment.PaymentTerms;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.Transactions;
import io.coachpay.refund.RefundView;
import io.coachpay.refund.Refunds;
import io.quarkus.security.Authenticated;

/** Payments that the caller made or got, with their refunds and disputes. */
@Path("/v1/transactions")
@Authenticated
@Tag(name = "Payments", description = "What was paid, by whom and for what")
public class TransactionResource {

    private final Transactions transactions;
    private final Refunds refunds;
    private final Disputes disputes;
    private final Access access;

    TransactionResource(Transactions transactions, Refunds refunds, Disputes disputes, Access access) {
        this.transactions = transactions;
        this.refunds = refunds;
        this.disputes = disputes;
        this.access = access;
    }

    @GET
    @Operation(summary = "My payments", description = "Those I made and those I got as a coach, newest first.")
    @APIResponse(responseCode = "200", description = "A page of payments")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a valid limit or cursor")
    public Page<TransactionView> list(@BeanParam @Valid Paging paging) {
        List<Transaction> page = transactions.mine(paging);
        Follow follow = follow(page);
        return Page.of(page, paging, Transaction::id, transaction -> view(transaction, follow));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One of my payments", description = "Any payment for administrators.")
    @APIResponse(responseCode = "200", description = "The payment")
    @APIResponse(responseCode = "400", description = "`invalid-request`: neither our id nor one of Stripe's")
    @APIResponse(responseCode = "404", description = "There is none, or it is not yours")
    public TransactionView get(
            @PathParam("id") @Parameter(description = "Our id, or Stripe's of the payment, its charge or its page", example = "pi_3MtwBwLkdIwHu7ix28a3tqPa") String id) {
        Transaction transaction = transactions
                .mineOrAnybodysAsAdmin(Reference.of(id, "pi_", "ch_", "py_", "cs_"));
        return view(transaction, follow(List.of(transaction)));
    }

    /** Refunds and disputes of the payments of a page, each read at once for all of them. */
    private record Follow(Map<UUID, List<RefundView>> refunds, Map<UUID, List<DisputeView>> disputes) {
    }

    private Follow follow(List<Transaction> page) {
        List<UUID> ids = page.stream().map(Transaction::id).toList();
        return new Follow(refunds.of(ids), disputes.of(ids));
    }

    /** The split is for coach and platform; a payer sees the price. */
    private TransactionView view(Transaction transaction, Follow follow) {
        PaymentTerms terms = transaction.terms();
        PaymentAmounts amounts = transaction.amounts();
        DeclineReason failure = told(transaction.attempt().failure());
        boolean split = access.userId().equals(terms.coachId()) || access.isAdmin();
        return new TransactionView(transaction.id(), terms.type(), transaction.status().column(), amounts.price(),
                split ? amounts.fee() : null, split ? amounts.payout() : null, amounts.refunded(),
                transaction.completion().isHeld(), terms.sessionId(), terms.payerId(), terms.coachId(),
                transaction.paymentIntent(), failure == null ? null : failure.code(),
                failure == null || transaction.attempt().isRefusedByStripe() && !access.isAdmin() ? null : failure.message(),
                follow.refunds().getOrDefault(transaction.id(), List.of()),
                follow.disputes().getOrDefault(transaction.id(), List.of()), transaction.createdAt());
    }

    private @Nullable DeclineReason told(@Nullable DeclineReason failure) {
        return failure == null || access.isAdmin() ? failure : failure.told();
    }

    /** A payment; fee, payout and disputes are not for its payer. */
    @Schema(name = "Transaction")
    public record TransactionView(UUID id, @Schema(examples = "session_payment") String type,
            @Schema(enumeration = {
                    "pending", "processing", "completed", "failed", "canceled", "partially_refunded",
                    "refunded" }) String status,
            @Schema(description = "What was asked of the payer; of a held payment, what was taken") Money amount,
            @Nullable @Schema(description = "Not for the payer") Money platformFee,
            @Nullable @Schema(description = "Not for the payer: the amount less the fee") Money coachPayout,
            @Schema(description = "What has gone back to the payer") Money refundedAmount,
            @Schema(description = "It is not the payment agreed: it buys nothing, and is to go back") boolean held,
            @Nullable UUID sessionId,
            UUID payerId, @Nullable UUID coachId,
            @Nullable @Schema(examples = "pi_3MtwBwLkdIwHu7ix28a3tqPa") String stripePaymentIntentId,
            @Nullable @Schema(description = "Stripe's word for why the last try failed", examples = "card_declined") String failureCode,
            @Nullable @Schema(description = "Stripe's words for it; for administrators alone if it was not the card") String failureMessage,
            List<RefundView> refunds,
            @Schema(description = "Empty for the payer: what is said in defence is not theirs to read") List<DisputeView> disputes,
            Instant createdAt){
    }
}
