package io.coachpay.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.coachpay.Person;
import io.restassured.path.json.JsonPath;

/**
 * An explanation as a coach reads it, whose lines sum to its total.
 *
 * @param lines kind and amount of each
 * @param next the cursor of the next page
 */
record Explained(String total, List<String> lines, List<Map<String, String>> all, @Nullable String next) {

    static Explained reads(Person coach, String path) {
        JsonPath json = coach.gets(path).statusCode(200).extract().jsonPath();
        List<String> amounts = json.getList("lines.amount.amount", String.class);
        List<String> kinds = json.getList("lines.kind", String.class);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            lines.add(kinds.get(i) + " " + amounts.get(i));
        }
        String total = json.getString("total.amount");
        assertThat(amounts.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add)).as("the sum of %s", lines)
                .isEqualByComparingTo(total);
        return new Explained(total, lines, json.getList("lines"), json.getString("next"));
    }

    /** All pages of this size, one after the other. */
    static List<Explained> pages(Person coach, String path, int limit) {
        List<Explained> pages = new ArrayList<>();
        pages.add(reads(coach, path + "?limit=" + limit));
        for (String next = pages.get(0).next; next != null; next = pages.get(pages.size() - 1).next) {
            pages.add(reads(coach, path + "?limit=" + limit + "&after=" + next));
        }
        return pages;
    }

    /** Its lines except those of a kind. */
    List<String> without(String kind) {
        return lines.stream().filter(line -> !line.startsWith(kind)).toList();
    }
}
