package io.coachpay.simulation;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.OwnerSql;

/** Renewals, their invoices and the money of them, and what somebody does to a subscription in Stripe's dashboard. */
final class InvoiceActions {

    static final List<Action> ALL = List.of(
            new Action(3, InvoiceActions::renews),
            new Action(3, InvoiceActions::nextCharge),
            new Action(4, InvoiceActions::pay),
            new Action(3, InvoiceActions::refund),
            new Action(2, InvoiceActions::refundInDashboard),
            new Action(2, InvoiceActions::dispute),
            new Action(2, InvoiceActions::closeDispute),
            new Action(4, InvoiceActions::dashboard),
            new Action(2, InvoiceActions::dashboardInvoice),
            new Action(1, InvoiceActions::sale));

    /** A month, and the hour after which Stripe charges what it drafted. */
    private static final Duration LONGEST = Duration.ofDays(33);
    private static final Duration STEP = Duration.ofDays(8);
    private static final Duration CHARGED_AFTER = Duration.ofHours(2);
    private static final String DISPUTE = """
            select d.stripe_dispute_id as id from disputes d join transactions t on t.id = d.transaction_id
             where t.payer_id = ?::uuid and t.type = 'subscription_payment' order by d.id desc limit 1""";

    private InvoiceActions() {
    }

    private static Deed renews(Dice dice) {
        return renews(dice, dice.subscriber());
    }

    /** Lets the period of a person's subscription pass, before and in which jobs catch up. */
    static Deed renews(Dice dice, int person) {
        dice.passing(LONGEST);
        return new Deed("the period of person %d passes".formatted(person), stage -> {
            Duration left = stage.subscriptions().untilRenewal(person);
            if (left == null || left.isNegative() || left.compareTo(LONGEST) > 0) {
                return Subscriptions.NONE;
            }
            stage.jobs().forEach(stage::run);
            Duration passes = left.plus(CHARGED_AFTER);
            while (passes.compareTo(STEP) > 0) {
                stage.pass(STEP);
                stage.run("event-backfill");
                passes = passes.minus(STEP);
            }
            return stage.pass(passes);
        });
    }

    private static Deed nextCharge(Dice dice) {
        int person = dice.subscriber();
        String outcome = dice.oneOf("decline", "decline", "ask");
        return new Deed("the bank of person %d will %s when the subscription is charged next".formatted(person, outcome),
                stage -> stage.subscriptions().live(person, subscription -> stage
                        .control("/sandbox/subscriptions/" + subscription + "/next-charge", Map.of("outcome", outcome))
                        .brief()));
    }

    private static Deed pay(Dice dice) {
        int person = dice.subscriber();
        String card = dice.oneOf("pm_card_visa", "pm_card_mastercard", "pm_card_chargeCustomerFail",
                "pm_card_authenticationRequired");
        boolean saves = dice.chance(0.5);
        int which = dice.below(3);
        boolean authenticates = dice.chance(0.8);
        boolean insists = dice.chance(0.3);
        return new Deed("person %d pays the open invoice%s".formatted(person, saves ? " with " + card : ""),
                stage -> stage.subscriptions().invoice(person, "{open,uncollectible}", billed -> {
                    if (saves) {
                        SubscriptionActions.save(stage, person, card);
                    }
                    String method = SubscriptionActions.method(stage, person, which);
                    Map<String, String> form = method.isEmpty() ? Map.of() : Map.of("paymentMethodId", method);
                    String path = "/v1/me/invoices/" + billed.id() + "/pay";
                    Reply paid = insists ? stage.person(person).insist(path, form, "pay-" + billed.id() + which)
                            : stage.person(person).post(path, form);
                    return paid.brief() + SubscriptionActions.answered(stage, paid.body(), authenticates);
                }));
    }

    private static Deed refund(Dice dice) {
        int person = dice.subscriber();
        int percent = dice.oneOf(100, 100, dice.between(1, 99));
        return new Deed("the administrator gives %d %% of the latest invoice of person %d back".formatted(percent, person),
                stage -> stage.subscriptions().invoice(person, "{paid}", billed -> {
                    Map<String, Object> form = new HashMap<>(Map.of("reason", "A week without service"));
                    if (percent < 100) {
                        form.put("amount", Map.of("amount", part(billed, percent).toPlainString(), "currency", "USD"));
                    }
                    return stage.admin().post("/v1/admin/invoices/" + billed.id() + "/refunds", form).brief();
                }));
    }

    private static BigDecimal part(Subscriptions.Billed billed, int percent) {
        BigDecimal amount = (BigDecimal) OwnerSql.rows("select amount from invoices where id = ?::uuid", billed.id()).get(0)
                .get("amount");
        return BigDecimal.valueOf(Math.max(1, amount.longValue() * percent), 2);
    }

    private static Deed refundInDashboard(Dice dice) {
        int person = dice.subscriber();
        int cents = dice.between(1, 900);
        boolean whole = dice.chance(0.5);
        boolean note = dice.chance(0.5);
        return new Deed("somebody refunds the latest invoice of person %d in the dashboard%s".formatted(person,
                note ? ", by a credit note" : ""),
                stage -> stage.subscriptions().invoice(person, "{paid}", billed -> billed.intent() == null ? Subscriptions.NONE
                        : note ? stage.stripe("/v1/credit_notes", "invoice=%s&amount=%d&refund_amount=%d&reason=order_change"
                                .formatted(billed.invoice(), cents, cents)).brief()
                                : stage.stripe("/v1/refunds", "payment_intent=" + billed.intent()
                                        + (whole ? "" : "&amount=" + cents)).brief()));
    }

    private static Deed dispute(Dice dice) {
        int person = dice.subscriber();
        String status = dice.oneOf("needs_response", "needs_response", "warning_needs_response");
        return new Deed("the bank of person %d disputes the latest invoice, %s".formatted(person, status),
                stage -> stage.subscriptions().invoice(person, "{paid}", billed -> billed.charge() == null ? Subscriptions.NONE
                        : stage.control("/sandbox/disputes", Map.of("charge", billed.charge(), "status", status)).brief()));
    }

    private static Deed closeDispute(Dice dice) {
        int person = dice.subscriber();
        String how = dice.oneOf("won", "lost");
        return new Deed("the latest dispute of an invoice of person %d is %s".formatted(person, how),
                stage -> OwnerSql.rows(DISPUTE, stage.person(person).id()).stream()
                        .map(row -> stage.control("/sandbox/disputes/" + row.get("id") + "/close", Map.of("status", how))
                                .brief())
                        .findFirst().orElse(Subscriptions.NONE));
    }

    /** Everything that somebody may do there to a subscription. */
    private static Deed dashboard(Dice dice) {
        int person = dice.subscriber();
        int plan = dice.below(Subscriptions.PLANS);
        int hours = dice.between(1, 60);
        String what = dice.oneOf("delete", "cancel_at", "cancel_at", "cancel_at_period_end=true", "cancel_at_period_end=false",
                "cancel_at=", "pause_collection[behavior]=void", "pause_collection[behavior]=keep_as_draft",
                "pause_collection[behavior]=mark_uncollectible", "pause_collection=", "none", "always_invoice", "taxed",
                "taxed", "again", "again");
        return new Deed("at Stripe, somebody changes the subscription of person %d: %s".formatted(person, what),
                stage -> stage.subscriptions().live(person, subscription -> {
                    String path = "/v1/subscriptions/" + subscription;
                    return switch (what) {
                        case "delete" -> stage.deletedAtStripe(path).brief();
                        case "cancel_at" -> stage.stripe(path, "cancel_at="
                                + stage.now().plus(Duration.ofHours(hours)).getEpochSecond()).brief();
                        case "taxed" -> stage.stripe("/v1/customers/" + stage.customerOf(person),
                                "address[line1]=1 Main Street&address[city]=San Francisco&address[state]=CA"
                                        + "&address[postal_code]=94103&address[country]=US")
                                .brief() + ", " + stage.stripe(path, "automatic_tax[enabled]=true").brief();
                        case "again" -> again(stage, stage.told(path).body()).brief();
                        case "none", "always_invoice" -> {
                            String item = stage.told(path).body().path("items").path("data").path(0).path("id").asText();
                            String price = stage.subscriptions().priceOf(plan);
                            yield price.isEmpty() ? Subscriptions.NONE
                                    : stage.stripe(path, "items[0][id]=%s&items[0][price]=%s&proration_behavior=%s"
                                            .formatted(item, price, what)).brief();
                        }
                        default -> stage.stripe(path, what).brief();
                    };
                }));
    }

    /** Makes a subscription a second time, with all that the first one has, so that it seems to be one of ours. */
    private static Reply again(Stage stage, JsonNode subscription) {
        String customer = subscription.path("customer").asText();
        String method = stage.list("/v1/customers/" + customer + "/payment_methods?limit=1").path(0).path("id").asText();
        return stage.stripe("/v1/subscriptions", "customer=%s&items[0][price]=%s&metadata[coachpay_id]=%s%s".formatted(customer,
                subscription.at("/items/data/0/price/id").asText(), subscription.at("/metadata/coachpay_id").asText(),
                method.isEmpty() ? "" : "&default_payment_method=" + method));
    }

    private static Deed dashboardInvoice(Dice dice) {
        int person = dice.subscriber();
        String what = dice.oneOf("pay-outside", "void", "mark-uncollectible", "overdue");
        return new Deed("at Stripe, somebody does this to the open invoice of person %d: %s".formatted(person, what),
                stage -> stage.subscriptions().invoice(person, "{open}", billed -> stage
                        .control("/sandbox/invoices/" + billed.invoice() + "/" + what, Map.of()).brief()));
    }

    private static Deed sale(Dice dice) {
        int plan = dice.below(Subscriptions.PLANS);
        boolean active = dice.chance(0.6);
        return new Deed("plan %d is %s".formatted(plan, active ? "for sale" : "out of sale"), stage -> stage.admin()
                .patch("/v1/admin/plans/" + stage.subscriptions().plan(plan), Map.of("active", active)).brief());
    }
}
