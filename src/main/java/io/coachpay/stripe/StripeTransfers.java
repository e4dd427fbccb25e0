package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/** Money moved to connected accounts, see <a href="https://docs.stripe.com/api/transfers">docs.stripe.com/api/transfers</a>. */
@ApplicationScoped
public class StripeTransfers {

    private static final String PATH = "/v1/transfers";

    private final StripeCalls calls;

    StripeTransfers(StripeCalls calls) {
        this.calls = calls;
    }

    /**
     * A transfer of our row, out of the platform's available balance.
     *
     * @param amount positive
     * @param transferGroup finds it again, such as the payment's row id
     */
    public record NewTransfer(UUID coachpayId, String destinationAccount, Money amount, String transferGroup) {
    }

    /** Moves money to a connected account; {@link StripeRefused.InsufficientBalance} if the platform does not hold it yet. */
    public StripeTransfer create(NewTransfer transfer, String idempotencyKey) {
        StripeForm form = new StripeForm().putAmount("amount", transfer.amount()).putCurrency("currency", transfer.amount())
                .put("destination", transfer.destinationAccount()).put("transfer_group", transfer.transferGroup())
                .putMetadata("metadata", transfer.coachpayId(), Map.of());
        return StripeTransfer.from(calls.post("transfers.create", PATH, form, idempotencyKey, null));
    }

    /**
     * A debit of our row: a transfer the other way, out of a connected account's available balance.
     *
     * @param accountId {@code acct_…}, whose balance it is taken from
     * @param amount positive
     * @param platformId {@code acct_…}, the platform's own: {@link StripeAccounts#platformId()}
     */
    public record NewDebit(UUID coachpayId, String accountId, Money amount, String platformId) {
    }

    /**
     * Takes money from a connected account whose losses the platform bears; {@link StripeRefused.InsufficientBalance} if the
     * account has less available. Both must be in one region, and the coach must have agreed to it.
     *
     * @see <a href="https://docs.stripe.com/connect/account-debits">Stripe: debit connected accounts</a>
     */
    public StripeTransfer debit(NewDebit debit, String idempotencyKey) {
        StripeForm form = new StripeForm().putAmount("amount", debit.amount()).putCurrency("currency", debit.amount())
                .put("destination", debit.platformId()).putMetadata("metadata", debit.coachpayId(), Map.of());
        return StripeTransfer.from(calls.post("transfers.debit", PATH, form, idempotencyKey, debit.accountId()));
    }

    /** The debits of a connected account since a moment of ours, newest first; ours carry their row's id. */
    public List<StripeTransfer> listDebits(String accountId, Instant createdSince) {
        return calls.all("transfers.list", PATH, accountId, () -> StripeCalls.since(createdSince), StripeTransfer::from);
    }

    /**
     * A reversal of our row.
     *
     * @param amount gross, in the transfer's currency
     */
    public record NewReversal(UUID coachpayId, String transferId, Money amount) {
    }

    /**
     * Takes money back from a connected account; the platform keeps its fee. {@link StripeRefused.UnexpectedState} means that
     * the transfer has less left: list its reversals. {@link StripeRefused.InsufficientBalance} means that the account may not
     * go into debt for it.
     */
    public StripeTransfer.Reversal reverse(NewReversal reversal, String idempotencyKey) {
        String operation = "transfer_reversals.create";
        String path = PATH + "/" + StripeCalls.id(operation, reversal.transferId()) + "/reversals";
        StripeForm form = new StripeForm().putAmount("amount", reversal.amount()).put("refund_application_fee", false)
                .putMetadata("metadata", reversal.coachpayId(), Map.of());
        try {
            return StripeTransfer.Reversal.from(calls.post(operation, path, form, idempotencyKey, null));
        } catch (StripeRefused.InvalidRequest refused) {
            if (refused.blames("amount")) {
                throw new StripeRefused.UnexpectedState(refused.reason(), null);
            }
            throw refused;
        }
    }

    /** Reads a transfer with its newest reversals. */
    public StripeTransfer retrieve(String transferId) {
        String operation = "transfers.retrieve";
        String path = PATH + "/" + StripeCalls.id(operation, transferId);
        return StripeTransfer.from(calls.get(operation, path, new StripeForm(), null));
    }

    /** All transfers of a group, newest first; a payment's group is its row's id. */
    public List<StripeTransfer> list(String transferGroup) {
        return calls.all("transfers.list", PATH, () -> new StripeForm().put("transfer_group", transferGroup),
                StripeTransfer::from);
    }

    /**
     * One page of all transfers, newest first.
     *
     * @param since those created at this second or later
     * @param after the last page's {@code next}, null for the first page
     * @param limit how many, 1 to 100
     */
    public StripePage<StripeTransfer> page(Instant since, @Nullable String after, int limit) {
        return calls.page("transfers.list", PATH, StripeCalls.page(since, after, limit), null, StripeTransfer::from);
    }

    /** All reversals of a transfer, newest first. */
    public List<StripeTransfer.Reversal> listReversals(String transferId) {
        String operation = "transfer_reversals.list";
        String path = PATH + "/" + StripeCalls.id(operation, transferId) + "/reversals";
        return calls.all(operation, path, StripeForm::new, StripeTransfer.Reversal::from);
    }
}
