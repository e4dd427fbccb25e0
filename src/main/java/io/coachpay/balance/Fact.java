package io.coachpay.balance;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The facts behind Stripe's balance transactions, by type and by the account's side. A type that is not here is unknown, and so
 * a finding.
 *
 * @see <a href="https://docs.stripe.com/reports/balance-transaction-types">Stripe: balance transaction types</a>
 */
public enum Fact {

    /** A payer paid the platform, or a coach did: the fee of an instant payout. */
    PAYMENT(Side.PLATFORM, Set.of("charge", "payment"), "payment_intent.succeeded"),
    /** Money for a connected account: of a payment, or on its own. */
    TRANSFER(Side.PLATFORM, Set.of("transfer"), "transfer.created"),
    /** The platform's part of a payment. */
    APPLICATION_FEE(Side.PLATFORM, Set.of("application_fee"), "payment_intent.succeeded", "charge.updated"),
    /** Money back to a payer. */
    REFUND(Side.PLATFORM, Set.of("refund", "payment_refund"), "refund.created", "refund.updated"),
    /** A refund failed, and its money came back. */
    REFUND_FAILURE(Side.PLATFORM, Set.of("refund_failure"), "refund.failed"),
    /** A transfer to a connected account was reversed. */
    REVERSAL(Side.PLATFORM, Set.of("transfer_refund"), "transfer.reversed"),
    /** The platform gave its part back. */
    FEE_REFUND(Side.PLATFORM, Set.of("application_fee_refund"), "application_fee.refunded"),
    /** Disputed money, taken or given back; there is no other adjustment among our facts. */
    DISPUTE(Side.PLATFORM, Set.of("adjustment"), "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated"),
    /** A charge by Stripe for no payment in particular. Only the balance transaction reports it. */
    STRIPE_FEE(Side.PLATFORM, Set.of("stripe_fee", "stripe_fx_fee", "tax_fee", "network_cost")),
    /** The platform's own bank, from there or to there. Only the balance transaction is booked. */
    PLATFORM_BANK(Side.PLATFORM, Set.of("payout", "payout_failure", "payout_cancel", "topup", "topup_reversal")),

    /**
     * Stripe cleared a debt of a connected account after 180 days: it took as much from the platform's reserve. Only the two
     * balance transactions report it.
     *
     * @see <a href="https://support.stripe.com/questions/connect-reserves-faq">Stripe: Connect reserves</a>
     */
    PLATFORM_DEBT_CLEARING(Side.PLATFORM, Set.of(Fact.DEBT_CLEARED)),
    /** A cleared debt, on the account that was in debt. */
    DEBT_CLEARING(Side.CONNECTED, Set.of(Fact.DEBT_CLEARED)),

    /** A transfer as it arrives, less the platform's part. */
    DESTINATION_PAYMENT(Side.CONNECTED, Set.of("payment"), "transfer.created"),
    /** A reversal as it leaves, with the platform's part if that goes back too. */
    DESTINATION_REFUND(Side.CONNECTED, Set.of("payment_refund"), "transfer.reversed"),
    /** The platform's part given back by itself. */
    DESTINATION_FEE_REFUND(Side.CONNECTED, Set.of("application_fee_refund"), "application_fee.refunded"),
    /** The fee of an instant payout, which the coach bears, on its way to the platform. There it is a payment. */
    ACCOUNT_DEBIT(Side.CONNECTED, Set.of("transfer")),
    /** A coach is paid out. */
    PAYOUT(Side.CONNECTED, Set.of("payout"), "payout.created", "payout.paid"),
    /** A payout came back. */
    PAYOUT_FAILURE(Side.CONNECTED, Set.of("payout_failure", "payout_cancel"), "payout.failed", "payout.canceled"),

    /** Held back or released within the same account: not a fact, and left out of every comparison. */
    RESERVE(Side.BOTH, Set.of("reserve_transaction", "reserved_funds", "reserve_hold", "reserve_release",
            "payment_network_reserve_hold", "payment_network_reserve_release", "payout_minimum_balance_hold",
            "payout_minimum_balance_release"));

    private static final String DEBT_CLEARED = "connect_collection_transfer";

    /** The side of an account: both accounts of a destination charge use the same words for different facts. */
    enum Side {
        PLATFORM,
        CONNECTED,
        BOTH
    }

    /** All of them as rows for SQL: side, type, fact. */
    public static final String ROWS = Arrays.stream(values()).flatMap(fact -> fact.types.stream().sorted().flatMap(type -> fact
            .sides().stream().map(side -> "('" + side + "', '" + type + "', '" + fact.name() + "')")))
            .collect(Collectors.joining(", ", "(values ", ")"));

    /** The types that are left out of every comparison. */
    static List<String> ignored() {
        return RESERVE.types.stream().sorted().toList();
    }

    /** The side of a mirrored line's account, in SQL. */
    static final String SIDE = "case account when 'platform' then 'platform' else 'connected' end";

    private final Side side;
    private final Set<String> types;
    private final List<String> events;

    Fact(Side side, Set<String> types, String... events) {
        this.side = side;
        this.types = types;
        this.events = List.of(events);
    }

    /** The types of the events that report it; empty where none does. */
    public List<String> events() {
        return events;
    }

    /** Whether the line becomes available to a coach later, which is booked then. */
    boolean becomesAvailable() {
        return switch (this) {
            case DESTINATION_PAYMENT, DESTINATION_REFUND, DESTINATION_FEE_REFUND, DEBT_CLEARING -> true;
            case PAYMENT, TRANSFER, APPLICATION_FEE, REFUND, REFUND_FAILURE, REVERSAL, FEE_REFUND, DISPUTE, STRIPE_FEE,
                    PLATFORM_BANK, PLATFORM_DEBT_CLEARING, ACCOUNT_DEBIT, PAYOUT, PAYOUT_FAILURE, RESERVE ->
                false;
        };
    }

    /** Whether an administrator may book such a line: no rule does, and it need not be a fact of ours. */
    public boolean isBookedByHand() {
        return switch (this) {
            case PAYMENT, TRANSFER, APPLICATION_FEE, REFUND, REFUND_FAILURE, REVERSAL, FEE_REFUND, DISPUTE, DESTINATION_PAYMENT,
                    DESTINATION_REFUND, DESTINATION_FEE_REFUND, ACCOUNT_DEBIT ->
                true;
            case STRIPE_FEE, PLATFORM_BANK, PLATFORM_DEBT_CLEARING, DEBT_CLEARING, PAYOUT, PAYOUT_FAILURE, RESERVE -> false;
        };
    }

    /** Whether it takes back a part of what a coach got. */
    public boolean goesBackFromCoach() {
        return this == DESTINATION_REFUND || this == DESTINATION_FEE_REFUND;
    }

    private List<String> sides() {
        return switch (side) {
            case PLATFORM, CONNECTED -> List.of(side.name().toLowerCase(Locale.ROOT));
            case BOTH -> List.of("platform", "connected");
        };
    }
}
