package io.coachpay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A statement that changes several rows locks them in an order that it names, or passes over those that others hold. In the
 * order of whatever plan PostgreSQL chooses, two such statements end each other as a deadlock.
 */
class LockOrderTest {

    private static final Path CODE = Path.of("src/main/java/io/coachpay");
    private static final Path RULES = Path.of("src/main/resources/db/rules");
    private static final Pattern CHANGE = Pattern
            .compile("(?is)\\bupdate\\s+\\w+(\\s+(as\\s+)?\\w+)?\\s+set\\b|\\bdelete\\s+from\\b|\\bdo\\s+update\\b");
    private static final Pattern SEVERAL = Pattern
            .compile("(?is)\\bunnest\\s*\\(|=\\s*any\\s*\\((\\?|\\w+\\))|\\bin\\s*\\(\\s*select\\b");
    private static final Pattern IN_ORDER = Pattern.compile("(?is)\\border by\\b.*\\b(for (no key )?update|do update)\\b");
    private static final String FUNCTION = "create or replace function ";
    private static final Pattern CHANGED = Pattern.compile("(?is)\\b(?:update|delete from|insert into)\\s+(\\w+)");
    private static final Pattern PASSING_OVER = Pattern.compile("(?is)\\bskip locked\\b");

    /** Statements whose rows nobody else changes, or which are locked already. */
    private static final Map<String, String> EXCEPTIONS = Map.ofEntries(
            Map.entry("balance/FundsAvailability.java MOVED", "changes what it has locked in order"),
            Map.entry("dispute/EvidenceRetentionJob.java EMPTY", "disputes that were closed long ago, by one job"),
            Map.entry("inbox/EventRetentionJob.java EMPTY", "events that were finished long ago, by one job"),
            Map.entry("inbox/EventRetentionJob.java FORGET", "events that were finished long ago, by one job"),
            Map.entry("job/HousekeepingJob.java KEYS", "keys that nobody may use any more, by one job"),
            Map.entry("job/HousekeepingJob.java LIMITS", "buckets that are full again, by one job"),
            Map.entry("payment/PaymentLogRetentionJob.java FORGET", "lines that never change, by one job"),
            Map.entry("payment/CardRetentionJob.java DECLINES", "refusals that never change, by one job"),
            Map.entry("payment/CardRetentionJob.java ADDRESSES", "addresses that never change, by one job"),
            Map.entry("payment/CardRetentionJob.java SETUPS", "setups that were over long ago, by one job"),
            Map.entry("payout/PayoutItems.java WRITE", "the items of one payout, under the coach's lock"),
            Map.entry("reconciliation/Findings.java RESOLVE", "findings, by the one run that is under way"));

    @Test
    void changesSeveralRowsInAnOrderThatItNames() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(CODE)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
                String code = Files.readString(file);
                SourceText.of(code).stream().filter(text -> isUnordered(text.text())).forEach(text -> found
                        .add(CODE.relativize(file).toString().replace('\\', '/') + " " + name(code, text)));
            }
        }

        assertThat(found).containsExactlyInAnyOrderElementsOf(EXCEPTIONS.keySet());
    }

    /** A function of the database locks in an order that it names, in the statement itself or in one before it. */
    @Test
    void changesSeveralRowsInAnOrderThatItsFunctionNames() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.list(RULES)) {
            for (Path file : files.toList()) {
                String sql = Files.readString(file).replaceAll("(?m)--.*$", "");
                Stream.of(sql.split(FUNCTION, -1)).flatMap(function -> unordered(function).stream())
                        .forEach(table -> found.add(file.getFileName() + " " + table));
            }
        }

        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "update lines set day = 1 where id = any (?) | [lines]",
            "perform from lines order by id for no key update; update lines set day = 1 where id = any (?) | []",
            "perform from others order by id for update; update lines set day = 1 where id = any (?) | [lines]",
            "perform from lines for update; update lines set day = 1 where id = any (?) | [lines]",
            "update lines set day = 1 where id = any (?); perform from lines order by id for update | [lines]",
            "perform from lines order by id for update; with a as (update lines set day = 1 from unnest(?)) select 1 | []" })
    void tellsWhatAFunctionHasLockedBefore(String function, String tables) {
        assertThat(unordered(function)).hasToString(tables);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "update lines set day = 1 where id = any (?::uuid[]) | true",
            "delete from lines where id in (select id from lines limit ?) | true",
            "insert into lines select * from unnest(?) on conflict (id) do update set day = 1 | true",
            "insert into lines select * from unnest(?) as l (id) order by l.id on conflict (id) do update set day = 1 | false",
            "update lines set day = 1 where id in (select id from lines order by id for update) | false",
            "update lines set day = 1 where id in (select id from lines limit ? for update skip locked) | false",
            "update lines set day = 1 where id = ? | false",
            "insert into lines select * from unnest(?) on conflict (id) do nothing | false" })
    void tellsTheOnesFromTheOthers(String sql, boolean unordered) {
        assertThat(isUnordered(sql)).isEqualTo(unordered);
    }

    private static boolean isUnordered(String sql) {
        return CHANGE.matcher(sql).find() && SEVERAL.matcher(sql).find() && !IN_ORDER.matcher(sql).find()
                && !PASSING_OVER.matcher(sql).find();
    }

    /** The tables whose rows a function changes in no order. */
    private static List<String> unordered(String function) {
        List<String> tables = new ArrayList<>();
        StringBuilder before = new StringBuilder();
        for (String statement : function.split(";", -1)) {
            Matcher table = CHANGED.matcher(statement);
            if (isUnordered(statement) && table.find() && !before.toString().matches("(?is).*\\bfrom " + table.group(1)
                    + "\\b[^;]*\\border by\\b[^;]*\\bfor (no key )?update\\b.*")) {
                tables.add(table.group(1));
            }
            before.append(statement).append(';');
        }
        return tables;
    }

    /** The constant that holds a text. */
    private static String name(String code, SourceText text) {
        String before = code.substring(0, text.begin());
        return before.replaceAll("(?s).*String (\\w+)\\s*=[^=]*$", "$1");
    }
}
