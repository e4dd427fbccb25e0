package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.util.List;
import java.util.Map;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.StripeSandbox;

/** Coaches who have something to be paid out, and what has become of it. */
final class Earnings {

    private Earnings() {
    }

    /** A session of 75 minutes is paid for, and Stripe has the coach's share at once. */
    static void paid(Person coach) {
        paid(coach, 75);
    }

    static void paid(Person coach, int minutes) {
        Person alice = Person.called("alice");
        String session = Marketplace.booked(alice, coach, Marketplace.freeTime(), minutes);
        String secret = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent"))
                .statusCode(200).extract().path("clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_bypassPending").statusCode(200);
        Marketplace.isSoon(alice, session, "confirmed", "paid");
    }

    /** Waits until so much can be paid out. */
    static void availableSoon(Person coach, String currency, String amount) {
        soon().untilAsserted(() -> coach.gets("/v1/me/balance").statusCode(200)
                .body("find { it.currency == '" + currency + "' }.available.amount", equalTo(amount)));
    }

    /** The coach's accounts in a currency: pending, available, in transit, paid out. */
    static String accounts(Person coach, String currency) {
        return OwnerSql.rows("""
                select concat_ws(' ', %s) as accounts from ledger_accounts where owner_id = ?::uuid and currency = ?"""
                .formatted(List.of("pending", "available", "in_transit", "paid_out").stream()
                        .map("coalesce(sum(trim_scale(balance)) filter (where kind = 'coach_%s'), 0)"::formatted)
                        .collect(java.util.stream.Collectors.joining(", "))),
                coach.id(), currency).get(0).get("accounts").toString();
    }

    static String account(Person coach) {
        return coach.gets("/v1/me/connected-account").statusCode(200).extract().path("stripeAccountId");
    }

    /** The coach's payouts, oldest first: amount, status, method, by whom. */
    static List<String> payouts(Person coach) {
        return OwnerSql.rows("""
                select concat_ws(' ', trim_scale(amount), status, method, fallback_reason, initiated_by) as payout
                  from payouts where user_id = ?::uuid order by id""", coach.id()).stream()
                .map(row -> row.get("payout").toString()).toList();
    }

    /** What Stripe has of them. */
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

    static void becomesSoon(Person coach, String... payouts) {
        soon().untilAsserted(() -> assertThat(payouts(coach)).containsExactly(payouts));
    }
}
