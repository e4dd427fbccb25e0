package io.coachpay.http;

import static io.restassured.RestAssured.given;

import java.util.EnumMap;
import java.util.Map;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.StripeSandbox;
import io.coachpay.journey.Marketplace;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;

/** Everybody there is, and what they have to do with each other. */
final class Cast {

    /** Who calls. */
    enum Role {
        ANONYMOUS,
        MENTEE,
        OTHER_MENTEE,
        COACH,
        OTHER_COACH,
        ADMIN
    }

    private final Map<Role, Person> people = new EnumMap<>(Role.class);

    Cast() {
        people.put(Role.MENTEE, Person.called("alice"));
        people.put(Role.OTHER_MENTEE, Person.called("bob"));
        people.put(Role.COACH, Marketplace.coach("carol", "100.00", "USD"));
        people.put(Role.OTHER_COACH, Marketplace.coach("dave", "100.00", "USD"));
        people.put(Role.ADMIN, Person.admin());
    }

    /** Calls an endpoint with something that is the mentee's and the coach's, made anew for each call. */
    ValidatableResponse calls(Role role, String method, String path, String subject) {
        RequestSpecification request = role == Role.ANONYMOUS ? given().contentType(ContentType.JSON)
                : people.get(role).asks();
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
            case "event" -> ignoredEvent();
            case "payout" -> payout();
            case "month" -> StripeSandbox.now().toString().substring(0, 7);
            default -> "";
        };
    }

    private record Begun(String session, String transaction, String clientSecret) {
    }

    private String booked() {
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

    /** One that Stripe refused. */
    private String payout() {
        return OwnerSql.rows("""
                insert into payouts (id, user_id, connected_account_id, amount, currency, status, initiated_by, requested_at)
                select gen_random_uuid(), user_id, id, 100, 'USD', 'refused', 'run', now()
                  from stripe_connected_accounts where user_id = ?::uuid returning id""", people.get(Role.COACH).id()).get(0)
                .get("id").toString();
    }

    /** An event that may be tried again. */
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
            case "POST /v1/sessions/{id}/payment" -> "{\"method\": \"payment_intent\"}";
            case "PUT /v1/me/coach-profile" -> "{\"hourlyRate\": {\"amount\": \"100.00\", \"currency\": \"USD\"}}";
            case "POST /v1/me/connected-account" -> "{\"country\": \"US\", \"businessType\": \"individual\"}";
            case "PATCH /v1/me", "POST /webhooks/stripe", "POST /webhooks/stripe/connect" -> "{}";
            default -> null;
        };
    }
}
