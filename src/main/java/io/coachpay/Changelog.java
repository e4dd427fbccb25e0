package io.coachpay;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import liquibase.ChecksumVersion;
import liquibase.Scope;
import liquibase.SingletonScopeManager;
import liquibase.change.AbstractSQLChange;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.ChangeSet;
import liquibase.exception.LiquibaseException;
import liquibase.parser.ChangeLogParserFactory;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.resource.ResourceAccessor;

/** The changes that this release knows, and their state in a database. */
final class Changelog {

    static final String FILE = "db/changelog.yaml";

    private static final Pattern CREATES = Pattern.compile(
            "(?im)^\\s*create (?:or replace )?(?:table|view) (?:if not exists )?(\\w+)");

    private final List<Change> changes;

    private Changelog(List<Change> changes) {
        this.changes = changes;
    }

    /**
     * One change.
     *
     * @param key Liquibase's name of it
     * @param repeated whether it is run again whenever its text has changed: a rule or a policy
     * @param checksum of its text
     * @param creates the tables and views it makes
     */
    private record Change(String key, boolean repeated, String checksum, List<String> creates) {

        static Change of(ChangeSet set) {
            List<String> creates = set.getChanges().stream()
                    .filter(AbstractSQLChange.class::isInstance).map(change -> ((AbstractSQLChange) change).getSql())
                    .flatMap(sql -> CREATES.matcher(sql).results()).map((MatchResult found) -> found.group(1)).toList();
            return new Change(Changelog.key(set.getFilePath(), set.getId(), set.getAuthor()), set.shouldRunOnChange(),
                    set.generateCheckSum(ChecksumVersion.latest()).toString(), creates);
        }
    }

    /** Reads the changelog of this release. */
    static Changelog read() {
        // Threads inherit Liquibase's scope from the thread that starts them, and two at work at once would disturb one
        // another.
        Scope.setScopeManager(new SingletonScopeManager());
        ResourceAccessor files = new ClassLoaderResourceAccessor();
        try {
            return new Changelog(ChangeLogParserFactory.getInstance().getParser(FILE, files)
                    .parse(FILE, new ChangeLogParameters(), files).getChangeSets().stream().map(Change::of).toList());
        } catch (LiquibaseException e) {
            throw new IllegalStateException("The changelog cannot be read", e);
        }
    }

    /**
     * The state of a database.
     *
     * @param missing changes it does not have; of a database that is ahead, leaving out rules and policies that only differ
     * @param unknown changes it has that this release does not know: a later release has migrated it
     * @param strangers tables and views that missing changes would create, and that exist already
     */
    record Standing(List<String> missing, List<String> unknown, Set<String> strangers) {
    }

    /**
     * Compares a database with this changelog. Needs only the right to read Liquibase's tables; a change that may not be read
     * is missing.
     */
    Standing of(Connection database) throws SQLException {
        Map<String, @Nullable String> run = run(database);
        List<String> known = changes.stream().map(Change::key).toList();
        List<String> unknown = run.keySet().stream().filter(key -> !known.contains(key)).sorted().toList();
        List<Change> missing = changes.stream().filter(change -> !run.containsKey(change.key)
                || unknown.isEmpty() && change.repeated && !change.checksum.equals(run.get(change.key))).toList();
        Set<String> strangers = missing.stream().filter(change -> !run.containsKey(change.key))
                .flatMap(change -> change.creates.stream()).collect(Collectors.toCollection(TreeSet::new));
        strangers.retainAll(relations(database));
        return new Standing(missing.stream().map(Change::key).toList(), unknown, strangers);
    }

    private static Map<String, @Nullable String> run(Connection database) throws SQLException {
        Map<String, @Nullable String> run = new HashMap<>();
        if (!readable(database)) {
            return run;
        }
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("select filename, id, author, md5sum from databasechangelog")) {
            while (rows.next()) {
                run.put(key(rows.getString("filename"), rows.getString("id"), rows.getString("author")),
                        rows.getString("md5sum"));
            }
        }
        return run;
    }

    private static boolean readable(Connection database) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet answer = statement.executeQuery("""
                        select coalesce(has_table_privilege(to_regclass('databasechangelog'), 'select'), false)""")) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    private static List<String> relations(Connection database) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select relname from pg_class where relnamespace = 'public'::regnamespace
                           and relkind in ('r', 'p', 'v', 'm', 'f')""")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private static String key(String file, String id, String author) {
        return file + "::" + id + "::" + author;
    }
}
