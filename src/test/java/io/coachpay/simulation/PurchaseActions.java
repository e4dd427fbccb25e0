package io.coachpay.simulation;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.coachpay.OwnerSql;

/** Money that goes back for credits, whatever became of them: refunds, by hand too, and disputes. */
final class PurchaseActions {

    static final List<Action> ALL = List.of(
            new Action(3, PurchaseActions::refund),
            new Action(2, PurchaseActions::refundInDashboard),
            new Action(1, PurchaseActions::endRefund),
            new Action(3, PurchaseActions::dispute),
            new Action(3, PurchaseActions::closeDispute));

    private static final String LATEST = """
            select id::text as id, stripe_payment_intent_id as intent, stripe_charge_id as charge, amount from transactions
             where payer_id = ?::uuid and type = 'credit_purchase' and status not in ('canceled', 'pending') order by id desc limit 1""";
    private static final String REFUND = """
            select r.stripe_refund_id as id from refunds r join transactions t on t.id = r.transaction_id
             where t.payer_id = ?::uuid and t.type = 'credit_purchase' and r.stripe_refund_id is not null order by r.id desc limit 1""";
    private static final String DISPUTE = """
            select d.stripe_dispute_id as id from disputes d join transactions t on t.id = d.transaction_id
             where t.payer_id = ?::uuid and t.type = 'credit_purchase' order by d.id desc limit 1""";
    private static final String NONE = "nothing was bought";

    private PurchaseActions() {
    }

    /** A purchase that somebody tried to make. */
    private record Bought(String id, @Nullable String intent, @Nullable String charge, BigDecimal amount) {

        static @Nullable Bought by(Stage stage, int mentee) {
            return OwnerSql.rows(LATEST, stage.mentee(mentee).id()).stream()
                    .map(row -> new Bought(String.valueOf(row.get("id")), (String) row.get("intent"),
                            (String) row.get("charge"),
                            (BigDecimal) row.get("amount")))
                    .findFirst().orElse(null);
        }

        /** A part of its price, in cents. */
        long part(int percent) {
            return Math.max(1, amount.movePointRight(2).longValue() * percent / 100);
        }
    }

    /** All of the latest purchase goes back, whatever became of the credits. */
    static Deed goesBack(Dice dice, int mentee) {
        return dice.chance(0.5) ? refund(dice, mentee, 100) : dispute(dice, mentee, 100);
    }

    private static Deed refund(Dice dice) {
        return refund(dice, dice.buyer(), percent(dice));
    }

    private static Deed refund(Dice dice, int mentee, int percent) {
        boolean insists = dice.chance(0.3);
        return new Deed("the administrator gives %d %% of the latest purchase of mentee %d back%s".formatted(percent, mentee,
                insists ? ", insisting" : ""), stage -> {
                    Bought bought = Bought.by(stage, mentee);
                    if (bought == null) {
                        return NONE;
                    }
                    Map<String, Object> form = new HashMap<>(Map.of("reason", "requested_by_customer"));
                    if (percent < 100) {
                        form.put("amount", Map.of("amount", BigDecimal.valueOf(bought.part(percent), 2).toPlainString(),
                                "currency", "USD"));
                    }
                    String path = "/v1/transactions/" + bought.id() + "/refunds";
                    return (insists ? stage.admin().insist(path, form, "refund-" + bought.id() + percent)
                            : stage.admin().post(path, form)).brief();
                });
    }

    private static Deed refundInDashboard(Dice dice) {
        int mentee = dice.buyer();
        int percent = percent(dice);
        return new Deed("%d %% of the latest purchase of mentee %d are refunded in the dashboard".formatted(percent, mentee),
                stage -> {
                    Bought bought = Bought.by(stage, mentee);
                    return bought == null || bought.intent() == null ? NONE
                            : stage.stripe("/v1/refunds", "payment_intent=" + bought.intent()
                                    + (percent == 100 ? "" : "&amount=" + bought.part(percent))).brief();
                });
    }

    private static Deed endRefund(Dice dice) {
        int mentee = dice.buyer();
        String how = dice.oneOf("succeed", "fail");
        return new Deed("the latest refund of a purchase of mentee %d has to %s".formatted(mentee, how),
                stage -> latest(REFUND, stage, mentee,
                        refund -> stage.control("/sandbox/refunds/" + refund + "/" + how, Map.of()).brief()));
    }

    private static Deed dispute(Dice dice) {
        return dispute(dice, dice.buyer(), dice.chance(0.1) ? 104 : percent(dice));
    }

    private static Deed dispute(Dice dice, int mentee, int percent) {
        String status = dice.oneOf("needs_response", "needs_response", "needs_response", "warning_needs_response");
        return new Deed("the bank of mentee %d disputes %d %% of the latest purchase, %s".formatted(mentee, percent, status),
                stage -> {
                    Bought bought = Bought.by(stage, mentee);
                    if (bought == null || bought.charge() == null) {
                        return NONE;
                    }
                    Map<String, Object> form = new HashMap<>(Map.of("charge", bought.charge(), "status", status));
                    if (percent != 100) {
                        form.put("amount", bought.part(percent));
                    }
                    return stage.control("/sandbox/disputes", form).brief();
                });
    }

    private static Deed closeDispute(Dice dice) {
        int mentee = dice.buyer();
        String how = dice.oneOf("won", "won", "lost", "escalate");
        boolean feeReturned = dice.chance(0.5);
        return new Deed("the latest dispute of a purchase of mentee %d: %s".formatted(mentee, how),
                stage -> latest(DISPUTE, stage, mentee, dispute -> how.equals("escalate")
                        ? stage.control("/sandbox/disputes/" + dispute + "/escalate", Map.of()).brief()
                        : stage.control("/sandbox/disputes/" + dispute + "/close",
                                Map.of("status", how, "feeReturned", feeReturned)).brief()));
    }

    private static int percent(Dice dice) {
        return dice.oneOf(100, 50, dice.between(1, 99), dice.between(1, 99));
    }

    private interface With {
        String doing(String id);
    }

    private static String latest(String query, Stage stage, int mentee, With with) {
        List<Map<String, @Nullable Object>> rows = OwnerSql.rows(query, stage.mentee(mentee).id());
        return rows.isEmpty() ? "there is none" : with.doing(String.valueOf(rows.get(0).get("id")));
    }
}
