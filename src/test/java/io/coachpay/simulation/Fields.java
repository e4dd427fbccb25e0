package io.coachpay.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.OwnerSql;

/** Fields of a row and of the object at Stripe that it mirrors, side by side, written alike so that they can be compared. */
final class Fields {

    private static final String NOTHING = "-";

    private final String id;
    private final List<String> columns = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<String> pointers = new ArrayList<>();

    /** @param id the column of Stripe's id */
    Fields(String id) {
        this.id = id;
    }

    /** Texts, numbers and flags. */
    Fields plain(String column, String pointer) {
        return with(column, column + "::text", pointer);
    }

    /** Times, of which Stripe tells the second. */
    Fields time(String column, String pointer) {
        return with(column, "extract(epoch from " + column + ")::bigint::text", pointer);
    }

    /** Amounts in dollars, which Stripe has in cents. */
    Fields cents(String column, String pointer) {
        return with(column, "(" + column + " * 100)::bigint::text", pointer);
    }

    private Fields with(String name, String column, String pointer) {
        names.add(name);
        columns.add(column);
        pointers.add(pointer);
        return this;
    }

    /** Rows by Stripe's id, as this query's tail selects them; each question mark of it is one of the values. */
    Map<String, String> rows(String from, Object... values) {
        String fields = columns.stream().map(column -> "coalesce(" + column + ", '" + NOTHING + "')")
                .collect(Collectors.joining(", "));
        Map<String, String> rows = new TreeMap<>();
        OwnerSql.rows("select " + id + " as id, concat_ws('\t', " + fields + ") as told " + from, values)
                .forEach(row -> rows.merge(String.valueOf(row.get("id")), named(String.valueOf(row.get("told")).split("\t")),
                        (one, other) -> "twice: " + one + " and " + other));
        return rows;
    }

    /** An object of Stripe's. */
    String of(JsonNode object) {
        return named(pointers.stream().map(pointer -> {
            JsonNode value = object.at(pointer);
            return value.isMissingNode() || value.isNull() ? NOTHING : value.asText();
        }).toArray(String[]::new));
    }

    private String named(String[] values) {
        StringBuilder all = new StringBuilder();
        for (int number = 0; number < values.length; number++) {
            all.append(number == 0 ? "" : " ").append(names.get(number)).append(' ').append(values[number]);
        }
        return all.toString();
    }

    /** Fields that differ, and objects that only one of the two has. */
    static List<String> compare(String what, Map<String, String> ours, Map<String, String> theirs) {
        return StripeChecks.compare(what, ours, theirs);
    }
}
