package io.coachpay.refund;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.InvalidField;
import io.coachpay.http.MoneyMoving;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;
import io.coachpay.payment.Failure;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.Transactions;
import io.quarkus.security.Authenticated;

/** Payments the caller made or got, with what became of them, and giving them back. */
@Path("/v1/transactions")
@Authenticated
@Tag(name = "Payments", description = "What was paid, by whom and for what")
public class TransactionResource {

    private final Transactions transactions;
    private final Refunds refunds;
    private final RefundAttempts attempts;
    private final Access access;

    TransactionResource(Transactions transactions, Refunds refunds, RefundAttempts attempts, Access access) {
        this.transactions = transactions;
        this.refunds = refunds;
        this.attempts = attempts;
        this.access = access;
    }

    @GET
    @Operation(summary = "My payments", description = "Those I made and those I got as a coach, newest first.")
    public Page<TransactionView> list(@BeanParam @Valid Paging paging) {
        List<Transaction> page = transactions.mine(paging);
        Follow follow = follow(page);
        return Page.of(page, paging, Transaction::id, transaction -> view(transaction, follow));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One of my payments", description = "Any payment for administrators.")
    @APIResponse(responseCode = "200", description = "The payment")
    @APIResponse(responseCode = "404", description = "There is none, or it is not yours")
    public TransactionView get(@PathParam("id") UUID id) {
        Transaction transaction = transactions.mineOrAnybodysAsAdmin(id);
        return view(transaction, follow(List.of(transaction)));
    }

    @POST
    @Path("/{id}/refunds")
    @MoneyMoving
    @Operation(summary = "Refund a payment", description = """
            By its coach or an administrator, in whole or in part, as often as something is left. The coach's account gives the
            amount back, and the platform its part of the fee. Even a refund that succeeded may fail later: look at the
            payment.""")
    @APIResponse(responseCode = "201", description = "Asked for; `status` says how far it is")
    @APIResponse(responseCode = "404", description = "There is no such payment, or it is not yours to refund")
    @APIResponse(responseCode = "409", description = "`not-paid`, or `payment-disputed` while the payer's bank holds the money")
    @APIResponse(responseCode = "422", description = "`exceeds-remainder`, with the `remainder`, or `amount-not-chargeable`")
    @APIResponse(responseCode = "429", description = "Too many a minute; `Retry-After` says when the next may come")
    public Response refund(@PathParam("id") UUID id, @Valid @NotNull RefundForm form) {
        Money amount = form.amount();
        if (amount != null && amount.isZero()) {
            throw new InvalidField("amount", "must be more than nothing");
        }
        Refund refund = attempts.request(id, amount, form.reason());
        return Response.created(URI.create("/v1/transactions/" + id)).entity(RefundView.of(refund)).build();
    }

    /** What became of the payments of a page, each read at once for all of them. */
    private record Follow(Map<UUID, List<RefundView>> refunds) {
    }

    private Follow follow(List<Transaction> page) {
        List<UUID> ids = page.stream().map(Transaction::id).toList();
        return new Follow(refunds.of(ids).stream().collect(Collectors.groupingBy(Refund::transactionId,
                Collectors.mapping(RefundView::of, Collectors.toList()))));
    }

    /** The split is the coach's affair and the platform's: a payer sees the price. */
    private TransactionView view(Transaction transaction, Follow follow) {
        Failure failure = transaction.failure();
        boolean split = transaction.coachId().equals(access.userId()) || access.isAdmin();
        return new TransactionView(transaction.id(), transaction.type(), transaction.status().column(), transaction.amount(),
                split ? transaction.platformFee() : null, split ? transaction.coachPayout() : null,
                transaction.refundedAmount(), transaction.sessionId(), transaction.payerId(), transaction.coachId(),
                transaction.paymentIntent(), failure == null ? null : failure.code(),
                failure == null ? null : failure.message(), follow.refunds().getOrDefault(transaction.id(), List.of()),
                transaction.createdAt());
    }

    /** A payment; fee and payout for its coach alone. */
    @Schema(name = "Transaction")
    public record TransactionView(UUID id, String type, String status, Money amount, @Nullable Money platformFee,
            @Nullable Money coachPayout, Money refundedAmount, @Nullable UUID sessionId, UUID payerId, @Nullable UUID coachId,
            @Nullable String stripePaymentIntentId, @Nullable String failureCode, @Nullable String failureMessage,
            List<RefundView> refunds, Instant createdAt) {
    }

    /** What is to go back, and why. */
    @Schema(name = "RefundForm", examples = """
            {"amount": {"amount": "25.00", "currency": "USD"}, "reason": "We finished early"}""")
    public record RefundForm(@Nullable @Schema(description = "Without it, all that is left") Money amount,
            @NotBlank @Size(max = 500) String reason) {
    }

    /** A refund. */
    @Schema(name = "Refund")
    public record RefundView(UUID id,
            @Schema(enumeration = {
                    "requested", "refused", "pending", "requires_action", "succeeded", "failed",
                    "canceled" }) String status,
            Money amount, String reason,
            @Nullable @Schema(description = "Stripe's word for why it was refused or failed") String failureCode,
            Instant createdAt){

        static RefundView of(Refund refund) {
            return new RefundView(refund.id(), refund.status().column(), refund.amount(), refund.reason(), refund.failureCode(),
                    refund.createdAt());
        }
    }
}
