package io.coachpay.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.coachpay.OwnerSql;

/**
 * All rows that belong to a story's people: found by following the database's foreign keys from the people on, so that a new
 * table needs no word here.
 */
final class StoryRows {

    /** When something was looked at, not what it is. */
    private static final List<String> PASSING = List.of("updated_at", "check_at", "stripe_as_of", "synced_at", "asked_at");
    /** Requests have rows too, but are no part of what came of them. */
    private static final List<String> APART = List.of("idempotency_keys", "organization_members");
    private static final String KEYS = """
            select c.conrelid::regclass::text as child, a.attname as column, c.confrelid::regclass::text as parent
              from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
             where c.contype = 'f' and c.connamespace = 'public'::regnamespace order by 1, 2""";

    private static final String PEOPLE = "with people as (select id from users where id = any (?::uuid[])) ";

    private static @Nullable Map<String, String> queries;
    private static @Nullable String digests;

    private StoryRows() {
    }

    /** Tells two states of the story apart: table by table, its rows in short. */
    static String digest(String people) {
        return OwnerSql.rows(digests(), people).stream().map(row -> row.get("name") + " " + row.get("rows"))
                .collect(Collectors.joining("\n"));
    }

    private static synchronized String digests() {
        String question = digests;
        if (question == null) {
            question = queries().entrySet().stream().map(each -> "select '" + each.getKey()
                    + "' as name, count(*) || ' ' || coalesce(md5(string_agg(line, ';' order by line)), '-') as rows from ("
                    + each.getValue() + ") as lines").collect(Collectors.joining(" union all ", PEOPLE, ""));
            digests = question;
        }
        return question;
    }

    /** The rows themselves, for whoever wants to see what changed. */
    static Map<String, List<String>> lines(String people) {
        Map<String, List<String>> all = new TreeMap<>();
        queries().forEach((table, query) -> all.put(table, OwnerSql.rows(PEOPLE + query + " order by 1", people).stream()
                .map(row -> String.valueOf(row.get("line"))).toList()));
        return all;
    }

    private static synchronized Map<String, String> queries() {
        if (queries != null) {
            return queries;
        }
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
        queries = made;
        return made;
    }

    /**
     * That a row of this table, which is called t, belongs to the people by one of its foreign keys; empty if none leads there.
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
