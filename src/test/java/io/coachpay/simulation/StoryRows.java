package io.coachpay.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.coachpay.OwnerSql;

/**
 * All rows that belong to a story's people, found by following the database's foreign keys from the people on, so that a new
 * table needs no change here.
 */
final class StoryRows {

    /** Columns of when a row was looked at or tried, not of what it is. */
    private static final List<String> PASSING = List.of("updated_at", "check_at", "stripe_as_of", "synced_at", "seen_at",
            "looked_at", "charge_check_at", "fee_check_at", "fee_attempt", "stripe_told_at", "push_tried_at",
            "payouts_tried_at", "addresses_as_of");
    /** Marks and requests: not a part of a story's result. */
    private static final List<String> APART = List.of("idempotency_keys", "organization_members", "payout_listings",
            "payout_marks");
    private static final String KEYS = """
            select c.conrelid::regclass::text as child, a.attname as column, c.confrelid::regclass::text as parent
              from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
             where c.contype = 'f' and c.connamespace = 'public'::regnamespace order by 1, 2""";

    private static @Nullable String question;

    private StoryRows() {
    }

    /** All of them, by the names of their tables. */
    static Map<String, List<String>> of(String people) {
        Map<String, List<String>> all = new TreeMap<>();
        OwnerSql.rows(question(), people).forEach(row -> all
                .computeIfAbsent(String.valueOf(row.get("name")), any -> new ArrayList<>())
                .add(String.valueOf(row.get("line"))));
        return all;
    }

    /** Rows that have changed, are gone, or are new. */
    static List<String> changes(Map<String, List<String>> before, Map<String, List<String>> after) {
        List<String> changes = new ArrayList<>();
        TreeSet<String> tables = new TreeSet<>(before.keySet());
        tables.addAll(after.keySet());
        for (String table : tables) {
            Set<String> was = new LinkedHashSet<>(before.getOrDefault(table, List.of()));
            Set<String> is = new LinkedHashSet<>(after.getOrDefault(table, List.of()));
            was.stream().filter(line -> !is.contains(line)).forEach(line -> changes.add(table + " was " + line));
            is.stream().filter(line -> !was.contains(line)).forEach(line -> changes.add(table + " is " + line));
        }
        return changes;
    }

    private static synchronized String question() {
        String asked = question;
        if (asked == null) {
            asked = queries().entrySet().stream()
                    .map(each -> "select '" + each.getKey() + "' as name, line from (" + each.getValue() + ") as lines")
                    .collect(Collectors.joining(" union all ",
                            "with people as (select id from users where id = any (?::uuid[])) ", ""));
            question = asked;
        }
        return asked;
    }

    private static Map<String, String> queries() {
        Map<String, List<Map<String, @Nullable Object>>> keys = OwnerSql.rows(KEYS).stream()
                .collect(Collectors.groupingBy(row -> String.valueOf(row.get("child")), TreeMap::new, Collectors.toList()));
        Map<String, String> made = new LinkedHashMap<>();
        String without = PASSING.stream().map(column -> " - '" + column + "'").collect(Collectors.joining());
        keys.keySet().stream().filter(table -> !APART.contains(table)).forEach(table -> {
            String condition = condition(table, keys, 0);
            if (!condition.isEmpty()) {
                made.put(table, "select (to_jsonb(t)" + without + ")::text as line from " + table + " t where " + condition);
            }
        });
        return made;
    }

    /**
     * The condition that a row of this table, called t, belongs to the people by one of its foreign keys; empty if none leads
     * there.
     */
    private static String condition(String table, Map<String, List<Map<String, @Nullable Object>>> keys, int depth) {
        if (depth > 4) {
            return "";
        }
        return keys.getOrDefault(table, List.of()).stream().map(key -> {
            String parent = String.valueOf(key.get("parent"));
            if (parent.equals("users")) {
                return "t." + key.get("column") + " in (select id from people)";
            }
            String further = parent.equals(table) ? "" : condition(parent, keys, depth + 1);
            return further.isEmpty() ? ""
                    : "t." + key.get("column") + " in (select t.id from " + parent + " t where " + further + ")";
        }).filter(each -> !each.isEmpty()).distinct().collect(Collectors.joining(" or "));
    }
}
