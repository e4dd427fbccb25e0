package io.coachpay.payment;

import java.time.Instant;
import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;
import io.quarkus.security.Authenticated;

/** Payments the caller made or got. */
@Path("/v1/transactions")
@Authenticated
@Tag(name = "Payments", description = "What was paid, by whom and for what")
public class TransactionResource {

    private final Transactions transactions;
    private final Access access;

    TransactionResource(Transactions transactions, Access access) {
        this.transactions = transactions;
        this.access = access;
    }

    @GET
    @Operation(summary = "My payments", description = "Those I made and those I got as a coach, newest first.")
    public Page<TransactionView> list(@BeanParam @Valid Paging paging) {
        return Page.of(transactions.mine(paging), paging, Transaction::id, this::view);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One of my payments")
    @APIResponse(responseCode = "200", description = "The payment")
    @APIResponse(responseCode = "404", description = "There is none, or it is not yours")
    public TransactionView get(@PathParam("id") UUID id) {
        return view(transactions.mine(id));
    }

    /** The split is the coach's affair: a payer sees the price. */
    private TransactionView view(Transaction transaction) {
        Failure failure = transaction.failure();
        boolean asCoach = transaction.coachId().equals(access.userId());
        return new TransactionView(transaction.id(), transaction.type(), transaction.status().column(), transaction.amount(),
                asCoach ? transaction.platformFee() : null, asCoach ? transaction.coachPayout() : null,
                transaction.refundedAmount(), transaction.sessionId(), transaction.payerId(), transaction.coachId(),
                transaction.paymentIntent(), failure == null ? null : failure.code(),
                failure == null ? null : failure.message(), transaction.createdAt());
    }

    /** A payment; fee and payout for its coach alone. */
    @Schema(name = "Transaction")
    public record TransactionView(UUID id, String type, String status, Money amount, @Nullable Money platformFee,
            @Nullable Money coachPayout, Money refundedAmount, @Nullable UUID sessionId, UUID payerId, @Nullable UUID coachId,
            @Nullable String stripePaymentIntentId, @Nullable String failureCode, @Nullable String failureMessage,
            Instant createdAt) {
    }
}
