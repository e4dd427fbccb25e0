package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.StripeSandbox;
import io.restassured.path.json.JsonPath;

/** Coaches with earnings to pay out, and their payouts. */
public final class Earnings {

    private Earnings() {
    }

    /** A session of 75 minutes that was paid for and took place, with the coach's share at Stripe; the payment's id. */
    public static UUID paid(Person coach) {
        return paid(coach, 75);
    }

    /** A session of so many minutes that was paid for and took place; the payment's id. */
    static UUID paid(Person coach, int minutes) {
        UUID payment = Marketplace.paid(Person.called("alice"), coach, minutes, "pm_card_bypassPending");
        Marketplace.tookPlace(payment);
        return payment;
    }

    /** A coach of that schedule and minimum, with 100.00 dollars available. */
    static Person coachWith100(String schedule, String minimum) {
        Person coach = Marketplace.coach("carol", "100.00", "USD");
        paid(coach);
        availableSoon(coach, "USD", "100.00");
        Marketplace.paidOut(coach, schedule, minimum);
        return coach;
    }

    /** Waits until this much can be paid out. */
    public static void availableSoon(Person coach, String currency, String amount) {
        soon().untilAsserted(() -> coach.gets("/v1/me/balance").statusCode(200)
                .body("find { it.currency == '" + currency + "' }.available.amount", equalTo(amount)));
    }

    /** The coach's accounts in a currency: pending, available, in transit, paid out. */
    static String accounts(Person coach, String currency) {
        return OwnerSql.rows("""
                select concat_ws(' ', %s) as accounts from ledger_accounts where owner_id = ?::uuid and currency = ?"""
                .formatted(List.of("pending", "available", "in_transit", "paid_out").stream()
                        .map("coalesce(sum(trim_scale(balance)) filter (where kind = 'coach_%s'), 0)"::formatted)
                        .collect(Collectors.joining(", "))),
                coach.id(), currency).get(0).get("accounts").toString();
    }

    public static String account(Person coach) {
        return coach.gets("/v1/me/connected-account").statusCode(200).extract().path("stripeAccountId");
    }

    /** The coach's payouts, oldest first: amount, status, method, by whom. */
    static List<String> payouts(Person coach) {
        return OwnerSql.rows("""
                select concat_ws(' ', trim_scale(amount), status, method, fallback_reason, initiated_by) as payout
                  from payouts where user_id = ?::uuid order by id""", coach.id()).stream()
                .map(row -> row.get("payout").toString()).toList();
    }

    /** The coach's payouts at Stripe. */
    static List<String> payoutsAtStripe(Person coach) {
        return StripeSandbox.request().header("Stripe-Account", account(coach)).queryParam("limit", 100).get("/v1/payouts")
                .then().statusCode(200).extract().path("data.status");
    }

    /** The items of the coach's payouts that hold their lines, in order. */
    static List<String> items(Person coach) {
        return OwnerSql.rows("""
                select trim_scale(i.amount)::text as amount from payout_items i join payouts p on p.id = i.payout_id
                  join ledger_entries e on e.id = i.entry_id
                 where p.user_id = ?::uuid and i.released_at is null order by p.id, e.line""", coach.id()).stream()
                .map(row -> row.get("amount").toString()).toList();
    }

    /** The newest payout, as its coach sees it. */
    static JsonPath newest(Person coach) {
        String id = coach.gets("/v1/me/payouts?limit=1").statusCode(200).extract().path("data[0].id");
        return coach.gets("/v1/me/payouts/" + id).statusCode(200).extract().jsonPath();
    }

    /** Changes the coach's bank for dollars at Stripe. */
    public static void bank(Person coach, Map<String, ?> change) {
        StripeSandbox.control("/sandbox/accounts/" + account(coach) + "/external-account", change).statusCode(200);
    }

    /** Corrects the coach's bank at Stripe after a payout came back, and waits until that is known. */
    static void correctsBank(Person coach) {
        bank(coach, Map.of("updated", true));
        soon().until(() -> hasBank(coach));
    }

    /** Waits until it is known that the coach's bank takes no dollars any more. */
    static void bankIsGone(Person coach) {
        soon().until(() -> !hasBank(coach));
    }

    private static boolean hasBank(Person coach) {
        return OwnerSql.rows("select 1 from stripe_connected_accounts where user_id = ?::uuid and 'USD' = any"
                + " (bank_currencies)", coach.id()).size() == 1;
    }

    static void becomesSoon(Person coach, String... payouts) {
        soon().untilAsserted(() -> assertThat(payouts(coach)).containsExactly(payouts));
    }
}
