package io.coachpay.http;

import static io.restassured.RestAssured.given;

import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.StripeSandbox;
import io.coachpay.journey.Marketplace;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;

/** All roles, and the objects that they share. */
final class Cast {

    /** The caller of an endpoint. */
    enum Role {
        ANONYMOUS,
        MENTEE,
        OTHER_MENTEE,
        COACH,
        OTHER_COACH,
        ADMIN
    }

    static final String FOREIGN_HOST = "evil.example";

    private final Map<Role, Person> people = new EnumMap<>(Role.class);
    private String paidBefore;
    private String page;

    Cast() {
        people.put(Role.MENTEE, Person.called("alice"));
        people.put(Role.OTHER_MENTEE, Person.called("bob"));
        people.put(Role.COACH, Marketplace.coach("carol", "100.00", "USD"));
        people.put(Role.OTHER_COACH, Marketplace.coach("dave", "100.00", "USD"));
        people.put(Role.ADMIN, Person.admin());
    }

    /** Calls an endpoint with an object of the mentee's and the coach's, made for each call. */
    ValidatableResponse calls(Role role, String method, String path, String subject) {
        RequestSpecification request = role == Role.ANONYMOUS ? given().contentType(ContentType.JSON)
                : people.get(role).asks();
        // A client may claim to have asked another host.
        request.header("Host", FOREIGN_HOST);
        String body = body(method, path);
        if (body != null) {
            request.body(body);
        }
        String query = path.equals("/v1/admin/events/replay") ? "?status=dead" : "";
        return request.request(method, path.replaceAll("\\{[a-z]+}", id(subject)) + query).then();
    }

    private String id(String subject) {
        return switch (subject) {
            case "coach" -> people.get(Role.COACH).id();
            case "booked" -> booked();
            case "paying" -> paying("payment_intent").session();
            case "paid" -> paid();
            case "page" -> page();
            case "payout" -> payout();
            case "dispute" -> disputed();
            case "step" -> step();
            case "package" -> OwnerSql.rows("select id::text from credit_packages order by sort_order, id limit 1").get(0)
                    .get("id").toString();
            case "plan" -> Marketplace.plan(Map.of());
            case "refused" -> refund("refused", "null");
            case "waiting" -> refund("requested", "now() + interval '1 year'");
            case "setup" -> setup();
            case "card" -> card();
            case "invoice" -> invoice();
            case "event" -> ignoredEvent();
            case "finding" -> finding();
            case "month" -> StripeSandbox.now().toString().substring(0, 7);
            default -> "";
        };
    }

    private record Begun(String session, String transaction, String clientSecret) {
    }

    /** Cancels the bookings before: no mentee may hold as many as there are calls. */
    private String booked() {
        OwnerSql.run("update sessions set status = 'expired' where status = 'pending_payment' and mentee_id = ?::uuid",
                people.get(Role.MENTEE).id());
        return Marketplace.booked(people.get(Role.MENTEE), people.get(Role.COACH), Marketplace.freeTime(), 60);
    }

    private Begun paying(String method) {
        String session = booked();
        ValidatableResponse payment = people.get(Role.MENTEE)
                .posts("/v1/sessions/" + session + "/payment", Map.of("method", method)).statusCode(200);
        return new Begun(session, payment.extract().path("transactionId"), payment.extract().path("clientSecret"));
    }

    private String paid() {
        Begun begun = paying("payment_intent");
        StripeSandbox.payIntent(begun.clientSecret(), "pm_card_visa").statusCode(200);
        Marketplace.isSoon(people.get(Role.MENTEE), begun.session(), "confirmed", "paid");
        return begun.transaction();
    }

    /** The visit to Stripe's page that pays for a session; one serves all rows, as with payments. */
    private String page() {
        if (page != null) {
            return page;
        }
        String session = booked();
        people.get(Role.MENTEE).posts("/v1/sessions/" + session + "/payment", Map.of("method", "checkout")).statusCode(200);
        page = OwnerSql.rows("select id::text from checkout_sessions where session_id = ?::uuid", session).get(0).get("id")
                .toString();
        return page;
    }

    /** A setup of the mentee's; those before are forgotten, as so many an hour are taken. */
    private String setup() {
        OwnerSql.run("delete from payment_method_setups where user_id = ?::uuid", people.get(Role.MENTEE).id());
        return people.get(Role.MENTEE).posts("/v1/me/payment-methods/setup", Map.of("ui", "checkout")).statusCode(201)
                .extract().path("setupId");
    }

    /** A card that the mentee may remove: an open page of a subscription would keep an only one. */
    private String card() {
        Person mentee = people.get(Role.MENTEE);
        setup();
        String customer = mentee.gets("/v1/me").extract().path("stripeCustomerId");
        StripeSandbox.saveCard(customer, "pm_card_visa");
        StripeSandbox.saveCard(customer, "pm_card_mastercard");
        return Marketplace.soon().until(() -> mentee.gets("/v1/me/payment-methods").extract().<String> path("[1].id"),
                id -> id != null);
    }

    /** An invoice of the mentee's that nothing was paid for, since nothing was due. */
    private String invoice() {
        return OwnerSql
                .rows("""
                        insert into invoices (id, user_id, stripe_invoice_id, stripe_customer_id, status, currency, issued_at)
                        values (gen_random_uuid(), ?::uuid, 'in_' || replace(gen_random_uuid()::text, '-', ''), 'cus_1', 'paid', 'USD', now())
                        returning id::text""",
                        people.get(Role.MENTEE).id())
                .get(0).get("id").toString();
    }

    private static String offered() {
        return OwnerSql.rows("select id::text from credit_packages where is_active order by sort_order limit 1").get(0)
                .get("id").toString();
    }

    /** One payment serves all rows beside it: a mentee may not pay as often as there are calls. */
    private String paidBefore() {
        if (paidBefore == null) {
            paidBefore = paid();
        }
        return paidBefore;
    }

    /** A pending payout of the coach, who has this much available by then. */
    private String payout() {
        Person coach = people.get(Role.COACH);
        Marketplace.tookPlace(Marketplace.paid(people.get(Role.MENTEE), coach, 60, "pm_card_bypassPending"));
        Marketplace.soon().untilAsserted(() -> coach.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(201));
        return coach.gets("/v1/me/payouts?limit=1").extract().path("data[0].id");
    }

    /** A disputed payment, from which the dispute takes nothing. */
    private String disputed() {
        String charge = OwnerSql.rows("select stripe_charge_id as id from transactions where id = ?::uuid", paid()).get(0)
                .get("id").toString();
        String dispute = StripeSandbox
                .control("/sandbox/disputes", Map.of("charge", charge, "status", "warning_needs_response"))
                .statusCode(200).extract().path("id");
        return Marketplace.soon()
                .until(() -> OwnerSql.rows("select id::text from disputes where stripe_dispute_id = ?", dispute),
                        rows -> !rows.isEmpty())
                .get(0).get("id").toString();
    }

    /** A transfer request that is waiting; one at a time, or it would replace those before. */
    private String step() {
        OwnerSql.run("update transfer_steps set status = 'refused', failure_code = 'withdrawn'"
                + " where transaction_id = ?::uuid and status = 'waiting_for_funds'", paidBefore());
        return OwnerSql
                .rows("""
                        insert into transfer_steps (id, kind, purpose, transaction_id, amount, currency, status, check_at)
                        values (gen_random_uuid(), 'transfer', 'dispute_won', ?::uuid, 1, 'USD', 'waiting_for_funds', now() + interval '1 year')
                        returning id::text""",
                        paidBefore())
                .get(0).get("id").toString();
    }

    /** A refund that Stripe does not have. */
    private String refund(String status, String checkAt) {
        return OwnerSql.rows("""
                insert into refunds (id, transaction_id, amount, currency, status, reason, check_at)
                values (gen_random_uuid(), ?::uuid, 1, 'USD', ?, 'Goodwill', %s) returning id::text""".formatted(checkAt),
                paidBefore(), status).get(0).get("id").toString();
    }

    /** A finding that a run might have recorded. */
    private static String finding() {
        return OwnerSql.rows("""
                insert into reconciliation_findings (id, account, kind, subject, cause, since, seen_at, resolved_at)
                values (gen_random_uuid(), 'ledger', 'untold', gen_random_uuid()::text, 'unknown', now(), now(), now())
                returning id::text""").get(0).get("id").toString();
    }

    /** An event that may be replayed. */
    private static String ignoredEvent() {
        return OwnerSql.rows("""
                update stripe_events set status = 'ignored' where id =
                  (select id from stripe_events where status in ('processed', 'ignored') order by id limit 1)
                returning id::text""").get(0).get("id").toString();
    }

    private String body(String method, String path) {
        return switch (method + " " + path) {
            case "POST /v1/sessions" -> """
                    {"coachId": "%s", "startsAt": "%s", "durationMinutes": 60}""".formatted(people.get(Role.COACH).id(),
                    Marketplace.freeTime());
            case "POST /v1/me/payment-methods/setup" -> "{\"ui\": \"elements\"}";
            case "POST /v1/sessions/{id}/payment" -> "{\"method\": \"payment_intent\"}";
            case "POST /v1/transactions/{id}/refunds" -> "{\"reason\": \"It did not take place\"}";
            case "POST /v1/me/invoices/{id}/pay" -> "{}";
            case "POST /v1/admin/invoices/{id}/refunds" -> "{\"reason\": \"Goodwill\"}";
            case "POST /v1/credits/checkout" -> "{\"packageId\": \"%s\"}".formatted(offered());
            case "PUT /v1/admin/capacity" -> "{\"limit\": null}";
            case "POST /v1/admin/users/{id}/credits" -> "{\"credits\": \"12.5\", \"reason\": \"Goodwill\"}";
            case "POST /v1/me/payouts" -> "{\"method\": \"standard\"}";
            case "PUT /v1/me/coach-profile" -> "{\"hourlyRate\": {\"amount\": \"100.00\", \"currency\": \"USD\"}}";
            case "POST /v1/me/connected-account" -> "{\"country\": \"US\", \"businessType\": \"individual\"}";
            case "PUT /v1/disputes/{id}/evidence" -> "{\"uncategorized_text\": \"We met.\"}";
            case "POST /v1/admin/reconciliation/findings/{id}/note" -> "{\"note\": \"Known\"}";
            case "POST /v1/admin/reconciliation/findings/{id}/book" -> "{\"reason\": \"Known\"}";
            case "POST /v1/admin/refunds/{id}/repay" -> """
                    {"toCoach": {"amount": "1.00", "currency": "USD"}, "reason": "Known"}""";
            case "POST /v1/admin/credit-packages" -> """
                    {"name": "Starter", "amount": {"amount": "30.00", "currency": "USD"}, "creditAmount": "33"}""";
            case "PATCH /v1/me/subscription" -> "{\"cancelAtPeriodEnd\": true}";
            case "PUT /v1/me/billing-details" -> """
                    {"address": {"line1": "510 Townsend St", "city": "San Francisco", "state": "CA",
                     "postalCode": "94103", "country": "US"}}""";
            case "POST /v1/me/billing-portal" -> "{\"returnUrl\": \"https://elsewhere.example/\"}";
            case "POST /v1/me/subscription/preview", "POST /v1/me/subscription" ->
                "{\"planId\": \"%s\"}".formatted(UUID.randomUUID());
            case "POST /v1/me/subscription/checkout" -> "{\"planId\": \"%s\"}".formatted(Marketplace.plan(Map.of()));
            case "POST /v1/admin/plans" -> """
                    {"name": "Professional", "audience": "user", "amount": {"amount": "19.00", "currency": "USD"},
                     "interval": "month", "tier": "professional"}""";
            case "PATCH /v1/me", "PATCH /v1/admin/credit-packages/{id}", "PATCH /v1/admin/plans/{id}", "POST /webhooks/stripe",
                    "POST /webhooks/stripe/connect" ->
                "{}";
            default -> null;
        };
    }
}
