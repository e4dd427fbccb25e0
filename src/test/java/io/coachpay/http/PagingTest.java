package io.coachpay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.journey.Marketplace;
import io.restassured.path.json.JsonPath;

/** Lists, walked page by page. */
@ServiceTest
class PagingTest {

    private static Person carol;
    private static Person alice;
    /** Newest first. */
    private static List<String> booked;

    @BeforeEach
    void book() {
        if (booked == null) {
            carol = Marketplace.coach("carol", "100.00", "USD");
            alice = Person.called("alice");
            booked = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                booked.add(Marketplace.booked(alice, carol, Marketplace.freeTime(), 60));
            }
            Collections.reverse(booked);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 3, 4, 5, 6, 100 })
    void showsEveryRowOnceNewestFirst(int limit) {
        assertThat(walk(alice, "/v1/sessions?limit=" + limit)).containsExactlyElementsOf(booked);
        assertThat(walk(carol, "/v1/sessions?as=coach&limit=" + limit)).containsExactlyElementsOf(booked);
        assertThat(walk(alice, "/v1/sessions?status=pending_payment&limit=" + limit)).containsExactlyElementsOf(booked);
        assertThat(walk(alice, "/v1/sessions?status=confirmed&limit=" + limit)).isEmpty();
    }

    @Test
    void showsNoRowTwiceWhenNewOnesCome() {
        Person bob = Person.called("bob");
        Person dave = Marketplace.coach("dave", "100.00", "USD");
        String oldest = Marketplace.booked(bob, dave, Marketplace.freeTime(), 60);
        String newest = Marketplace.booked(bob, dave, Marketplace.freeTime(), 60);

        JsonPath first = bob.gets("/v1/sessions?limit=1").statusCode(200).extract().jsonPath();
        Marketplace.booked(bob, dave, Marketplace.freeTime(), 60);
        JsonPath second = bob.gets("/v1/sessions?limit=1&after=" + first.getString("next")).statusCode(200).extract()
                .jsonPath();

        assertThat(first.getList("data.id")).containsExactly(newest);
        assertThat(second.getList("data.id")).containsExactly(oldest);
        assertThat(second.getString("next")).isNull();
    }

    @Test
    void saysThatThereIsNoMore() {
        Person.called("nobody").gets("/v1/sessions").statusCode(200).body("data", hasSize(0)).body("$", hasKey("next"));
    }

    @Test
    void walksTheCoaches() {
        String dave = Marketplace.coach("dave", "100.00", "USD").id();

        List<String> everybody = walk(alice, "/v1/coaches?limit=2");

        assertThat(everybody).doesNotHaveDuplicates().contains(carol.id(), dave);
        assertThat(everybody.indexOf(dave)).isLessThan(everybody.indexOf(carol.id()));
    }

    private static List<String> walk(Person person, String list) {
        List<String> all = new ArrayList<>();
        String next = "";
        for (int page = 0; next != null && page < 200; page++) {
            JsonPath rows = person.gets(list + (next.isEmpty() ? "" : "&after=" + next)).statusCode(200).extract().jsonPath();
            all.addAll(rows.getList("data.id"));
            next = rows.getString("next");
        }
        return all;
    }
}
