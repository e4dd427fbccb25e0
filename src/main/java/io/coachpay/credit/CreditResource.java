package io.coachpay.credit;

import java.time.Instant;
import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.Page;
import io.coachpay.http.Paging;
import io.coachpay.ledger.Wallet;
import io.coachpay.payment.Transaction;
import io.quarkus.security.Authenticated;

/** One's own credits: the wallet, its lines, and what was bought. */
@Path("/v1/me/credits")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Credits", description = "Credits bought beforehand, and sessions paid with them. A credit is worth 1.00 USD")
public class CreditResource {

    private final CreditWallets wallets;
    private final CreditPurchases purchases;

    CreditResource(CreditWallets wallets, CreditPurchases purchases) {
        this.wallets = wallets;
        this.purchases = purchases;
    }

    @GET
    @Operation(summary = "My credits", description = """
            One balance: credits have no lots and never expire. Credits that pay for a session are `deferred` until its coach is \
            paid. `debt` is owed where money for spent credits went back; the next credits pay it first, and until then sessions \
            cannot be paid with credits.""")
    @APIResponse(responseCode = "200", description = "The wallet, zeros before the first credits")
    public WalletView mine() {
        return WalletView.of(wallets.mine());
    }

    @GET
    @Path("/transactions")
    @Operation(summary = "The lines of my wallet", description = "Newest first, each with the balance before and after it.")
    @APIResponse(responseCode = "200", description = "A page of lines")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a cursor or a limit")
    public Page<WalletLines.Line> lines(@BeanParam @Valid Paging paging) {
        return Page.of(wallets.mine(paging), paging, WalletLines.Line::id, line -> line);
    }

    @GET
    @Path("/purchases")
    @Operation(summary = "My purchases of credits", description = "Newest first, also those that were not paid.")
    @APIResponse(responseCode = "200", description = "A page of purchases")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a cursor or a limit")
    public Page<PurchaseView> purchases(@BeanParam @Valid Paging paging) {
        return Page.of(purchases.mine(paging), paging, Transaction::id, PurchaseView::of);
    }

    /** A wallet; all numbers have six digits. */
    @Schema(name = "Credits")
    public record WalletView(@Schema(examples = "33.000000") String balance,
            @Schema(examples = "25.000000") String deferred, @Schema(examples = "0.000000") String debt) {

        static WalletView of(Wallet wallet) {
            return new WalletView(wallet.balance().toString(), wallet.deferred().toString(), wallet.debt().toString());
        }
    }

    /** A purchase of credits, as it was agreed. */
    @Schema(name = "CreditPurchase")
    public record PurchaseView(UUID transactionId, @Nullable UUID packageId, @Nullable String packageName, Money amount,
            @Schema(examples = "36.300000", description = "All credits that it buys") String credits,
            @Schema(examples = "3.300000", description = "Of these credits, those that your plan added") String bonusCredits,
            String status,
            @Schema(description = "What has gone back to the payer") Money refundedAmount,
            @Schema(description = "Credits that went since the money for them did", examples = "0.000000") String creditsTakenBack,
            Instant createdAt, @Nullable Instant completedAt) {

        static PurchaseView of(Transaction payment) {
            return new PurchaseView(payment.id(), payment.credits().packageId(), payment.credits().packageName(),
                    payment.amount(),
                    payment.credits().bought().toString(), payment.credits().bonus().toString(), payment.status().column(),
                    payment.amounts().refunded(),
                    payment.credits().takenBack().toString(), payment.createdAt(), payment.completion().completedAt());
        }
    }
}
