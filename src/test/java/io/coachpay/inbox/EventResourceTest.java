package io.coachpay.inbox;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.Management;
import io.coachpay.Person;
import io.coachpay.ServiceTest;

@ServiceTest
class EventResourceTest {

    private static final String EVENTS = "/v1/admin/events";

    @Inject
    StoredEvents stored;

    @Test
    void belongsToAdministrators() {
        Person mentee = Person.called("mentee");
        UUID any = UUID.randomUUID();

        for (String path : new String[] { EVENTS, EVENTS + "/" + any }) {
            given().get(path).then().statusCode(401);
            mentee.gets(path).statusCode(403);
        }
        for (String path : new String[] { EVENTS + "/" + any + "/replay", EVENTS + "/replay?status=dead" }) {
            given().post(path).then().statusCode(401);
            mentee.posts(path).statusCode(403);
        }
    }

    @Test
    void listsEventsNewestFirstPageByPage() {
        Person admin = Person.admin();
        Delivery older = delivered("test.listed.created");
        Delivery newer = delivered("test.listed.created");

        String next = admin.gets(EVENTS + "?type=test.listed.created&limit=1").statusCode(200)
                .body("data[0].stripeEventId", equalTo(newer.eventId())).body("data[0].status", equalTo("ignored"))
                .body("data[0].endpoint", equalTo("platform")).extract().path("next");
        admin.gets(EVENTS + "?type=test.listed.created&limit=1&after=" + next)
                .body("data[0].stripeEventId", equalTo(older.eventId()));
        admin.gets(EVENTS + "?status=ignored").body("data.status", everyItem(equalTo("ignored")));
        admin.gets(EVENTS + "?status=lost").statusCode(400);
    }

    @Test
    void showsOfAPayloadOnlyWhatItIsAbout() {
        Delivery event = Delivery.of(Notes.CREATED, ",\"client_secret\":\"note_1_secret_abc\",\"email\":\"alice@example.com\"");
        event.post();
        UUID id = stored.awaitStatus(event.eventId(), "processed").id();

        String shown = Person.admin().gets(EVENTS + "/" + id).statusCode(200).body("objectId", equalTo(event.objectId()))
                .body("objectType", equalTo("note")).body("status", equalTo("processed")).body("attempts", equalTo(1))
                .body("apiVersion", equalTo("2026-07-29.dahlia")).extract().asString();

        assertThat(shown).doesNotContain("secret").doesNotContain("alice");
        Person.admin().gets(EVENTS + "/" + UUID.randomUUID()).statusCode(404);
        Person.admin().gets(EVENTS + "/nonsense").statusCode(400);
        Person.admin().gets(EVENTS + "/" + event.eventId()).statusCode(200).body("id", equalTo(id.toString()));
        Person.admin().gets(EVENTS + "/evt_unheard").statusCode(404);
    }

    @Test
    void replaysADeadEvent() {
        Delivery event = deadEvent();
        UUID id = stored.get(event.eventId()).id();
        Person admin = Person.admin();
        admin.gets(EVENTS + "?status=dead").body("data.stripeEventId", hasItem(event.eventId()));

        Notes.whileApplying(event.objectId(), () -> {
        });
        admin.posts(EVENTS + "/" + id + "/replay").statusCode(202).body("replayed", equalTo(1));

        assertThat(stored.awaitStatus(event.eventId(), "processed").attempts()).isOne();
        admin.posts(EVENTS + "/" + id + "/replay").statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:event-not-replayable"));
        admin.posts(EVENTS + "/" + event.eventId() + "/replay").statusCode(409);
        admin.posts(EVENTS + "/" + UUID.randomUUID() + "/replay").statusCode(404);
    }

    @Test
    void replaysAllDeadEventsOfAType() {
        Delivery event = deadEvent();
        Person admin = Person.admin();

        Notes.whileApplying(event.objectId(), () -> {
        });
        admin.posts(EVENTS + "/replay?status=dead&type=test.other.created").statusCode(202).body("replayed", equalTo(0));
        admin.posts(EVENTS + "/replay?status=dead&type=" + Notes.CREATED).statusCode(202)
                .body("replayed", greaterThanOrEqualTo(1)).body("more", equalTo(false));

        stored.awaitStatus(event.eventId(), "processed");
        admin.posts(EVENTS + "/replay?status=processed").statusCode(400);
        admin.posts(EVENTS + "/replay", Map.of()).statusCode(400);
    }

    @Test
    void countsEventsWithoutNamingTypesThatAnybodyMayInvent() {
        delivered("test.invented." + UUID.randomUUID());
        Delivery event = delivered(Notes.CREATED);
        stored.awaitStatus(event.eventId(), "processed");

        Management.get("/q/metrics").then().statusCode(200).body(not(containsString("test_invented")))
                .body(not(containsString("test.invented")))
                .body(containsString(
                        "coachpay_inbox_events_total{endpoint=\"platform\",outcome=\"processed\",type=\"test.note.created\""))
                .body(containsString("coachpay_inbox_events_total{endpoint=\"platform\",outcome=\"accepted\",type=\"other\""))
                .body(containsString("coachpay_inbox_lag_seconds")).body(containsString("coachpay_inbox_oldest_seconds"))
                .body(containsString("coachpay_inbox_dead"));
    }

    private static Delivery delivered(String type) {
        Delivery event = Delivery.of(type);
        event.post().then().statusCode(200);
        return event;
    }

    private Delivery deadEvent() {
        Delivery event = Delivery.of(Notes.CREATED);
        Notes.whileApplying(event.objectId(), () -> {
            throw new IllegalStateException("not yet");
        });
        event.post();
        stored.awaitStatus(event.eventId(), "failed");
        stored.setAttempts(event.eventId(), 14);
        stored.makeDue(event.eventId());
        stored.awaitStatus(event.eventId(), "dead");
        return event;
    }
}
