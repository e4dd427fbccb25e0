package io.coachpay.stripe;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

/** Money moved to connected accounts, see <a href="https://docs.stripe.com/api/transfers">docs.stripe.com/api/transfers</a>. */
@ApplicationScoped
public class StripeTransfers {

    private static final String PATH = "/v1/transfers";

    private final StripeCalls calls;

    StripeTransfers(StripeCalls calls) {
        this.calls = calls;
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

    /** All that was taken back of a transfer, newest first. */
    public List<StripeTransfer.Reversal> listReversals(String transferId) {
        String operation = "transfer_reversals.list";
        String path = PATH + "/" + StripeCalls.id(operation, transferId) + "/reversals";
        return calls.all(operation, path, StripeForm::new, StripeTransfer.Reversal::from);
    }
}
