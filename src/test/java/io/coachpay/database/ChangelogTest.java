package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules for changes of the schema, so that a release can be deployed while the one before it runs. */
class ChangelogTest {

    private static final Path CHANGES = Path.of("src/main/resources/db");
    private static final int LONGEST_FILE = 200;
    /** The last file that is older than these rules. */
    private static final int BEFORE_THE_RULES = 26;

    /** The last file whose changesets may alter several tables. */
    private static final int BEFORE_ONE_TABLE_EACH = 36;

    private static final Pattern CHANGESET = Pattern.compile("(?m)^--changeset ");
    private static final Pattern ALTERED_TABLE = Pattern.compile("alter table (?:if exists )?(\\w+)");
    private static final Pattern CREATED_TABLE = Pattern.compile("create table (?:if not exists )?(\\w+)");
    private static final Pattern INDEX = Pattern
            .compile("create (?:unique )?index (concurrently )?(?:if not exists )?(\\w+) on (\\w+)");
    private static final Pattern CONTRACTION = Pattern.compile(
            "\\bdrop column\\b|\\bdrop table\\b|\\brename\\b|\\bset not null\\b|\\balter column \\w+ (?:set data )?type\\b"
                    + "|\\badd column \\w+ [^,;]*\\bnot null\\b(?![^,;]*\\bdefault\\b)(?<!\\bdefault [^,;]{1,80})");
    /** The note on a contraction: the release since which no running instance uses it any more. */
    private static final Pattern OUT_OF_USE = Pattern.compile("(?m)^-- Out of use since \\d+\\.\\d+\\.\\d+: \\S+");

    @Test
    void keepsFilesShort() throws IOException {
        for (Path file : files("")) {
            assertThat(Files.readAllLines(file).size()).as(file.toString()).isLessThan(LONGEST_FILE);
        }
    }

    @Test
    void saysOfEachFileWhatItIsFor() throws IOException {
        for (Path file : files("")) {
            assertThat(Files.readAllLines(file).get(2)).as(file.toString()).startsWith("-- ");
        }
    }

    @Test
    void undoesEachFile() throws IOException {
        for (Path file : files("")) {
            assertThat(Files.readString(file)).as(file.toString()).contains("\n--rollback ");
        }
    }

    @Test
    void neitherBlocksNorBreaksTheReleaseThatRuns() throws IOException {
        for (Path file : files("tables")) {
            if (number(file) > BEFORE_THE_RULES) {
                assertThat(wrong(Files.readString(file))).as(file.toString()).isEmpty();
            }
        }
    }

    @Test
    void altersOneTableAtATime() throws IOException {
        for (Path file : files("tables")) {
            if (number(file) > BEFORE_ONE_TABLE_EACH) {
                assertThat(alteredTogether(Files.readString(file))).as(file.toString()).isEmpty();
            }
        }
        assertThat(alteredTogether("--changeset c:a\nalter table b add c int;\nalter table d add e int;")).isNotEmpty();
        assertThat(alteredTogether("create table a (b int);\nalter table a add c int;\nalter table d add e int;")).isEmpty();
        assertThat(alteredTogether("--changeset c:a\nalter table b add c int;\n--changeset c:d\nalter table d add e int;"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "create index a on transactions (b);", "alter table users drop column name;", "drop table users;",
            "alter table users rename column name to called;", "alter table users alter column email set not null;",
            "alter table users alter column email type varchar(10);", "alter table users add column a text not null;",
            "--changeset c:a\ncreate index concurrently a on transactions (b);" })
    void findsWhatWouldBlockOrBreakIt(String sql) {
        assertThat(wrong(sql)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "create table a (b text not null); create index c on a (b);",
            "alter table users add column a text;", "alter table users add column a text not null default 'b';",
            "alter table users add column a text default 'b' not null, add column b int;",
            "-- Out of use since 1.4.0: users.name\nalter table users drop column name;",
            "create table a (b int);\n--rollback drop table a;",
            "--changeset c:a runInTransaction:false\nset lock_timeout = 0;\ndrop index concurrently if exists a;\n"
                    + "create index concurrently a on transactions (b);\nset lock_timeout = '2s';" })
    void findsNothingWrongWithExpansions(String sql) {
        assertThat(wrong(sql)).isEmpty();
    }

    /** Changesets that alter several existing tables, whose locks would wait for a statement that waits for them. */
    private static List<String> alteredTogether(String file) {
        String sql = withoutRollbacks(file);
        List<String> own = CREATED_TABLE.matcher(sql).results().map(table -> table.group(1)).toList();
        return CHANGESET.splitAsStream(sql).filter(changeset -> ALTERED_TABLE.matcher(changeset).results()
                .map(table -> table.group(1)).filter(table -> !own.contains(table)).distinct().count() > 1).toList();
    }

    private static String withoutRollbacks(String file) {
        return file.lines().filter(line -> !line.startsWith("--rollback")).reduce("", (text, line) -> text + line + "\n")
                .toLowerCase(Locale.ROOT);
    }

    private static int number(Path file) {
        return Integer.parseInt(file.getFileName().toString().substring(0, 4));
    }

    /** Changes that would hold up, or break, the release that runs while they are made. */
    private static List<String> wrong(String file) {
        List<String> wrong = new ArrayList<>();
        String sql = withoutRollbacks(file);
        List<String> own = CREATED_TABLE.matcher(sql).results().map(table -> table.group(1)).toList();
        for (MatchResult index : INDEX.matcher(sql).results().toList()) {
            boolean concurrently = index.group(1) != null;
            if (!concurrently && !own.contains(index.group(3))) {
                wrong.add("locks the table while it is made: " + index.group());
            }
            // A try that was cut off leaves an invalid index; and it waits for readers without being in anybody's way.
            if (concurrently && !(sql.contains("runintransaction:false") && sql.contains("set lock_timeout = 0;")
                    && sql.contains("drop index concurrently if exists " + index.group(2))
                    && sql.contains("set lock_timeout = '2s';"))) {
                wrong.add("cannot be tried again: " + index.group());
            }
        }
        if (!OUT_OF_USE.matcher(file).find()) {
            CONTRACTION.matcher(sql).results().forEach(one -> wrong.add("takes what may be in use: " + one.group()));
        }
        return wrong;
    }

    private static List<Path> files(String under) throws IOException {
        try (Stream<Path> files = Files.walk(CHANGES.resolve(under))) {
            return files.filter(file -> file.toString().endsWith(".sql") && !file.endsWith("roles.sql")).sorted().toList();
        }
    }
}
