package io.coachpay;

import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import org.jboss.logging.Logger;

import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;

/**
 * Migrates a database's schema to this release, as the schema's owner.
 * <p>
 * One process at a time, by a lock that PostgreSQL frees with the session that holds it: a process that is killed while it
 * migrates locks nobody out. No statement waits for a lock for longer than others can bear to wait behind it; a lock that was
 * not granted is tried again. Each changeset is a database transaction of its own, so that another try resumes where the last
 * one stopped.
 */
public final class Migrations {

    /** The time that a statement may queue for a lock, and so hold up all statements behind it. */
    static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

    private static final Logger LOG = Logger.getLogger(Migrations.class);
    /** The key of the lock that all migrating processes take: "coachpay" in ASCII. */
    private static final long KEY = 0x636f616368706179L;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST_LOOKS = 600;
    private static final int MOST_TRIES = 100;
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final String url;
    private final String user;
    private final String password;

    /** The database, and the login of the schema's owner. */
    public Migrations(String url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    /** The obstacle to a migration, in words for the operator. */
    public static final class Refused extends IllegalStateException {
        Refused(String message, Throwable cause) {
            super(message, cause);
        }

        Refused(String message) {
            super(message);
        }
    }

    /**
     * Runs all changes that the database does not have. A database that is ahead, because a later release has migrated it, is
     * left unchanged: this release's rules are older than its own.
     *
     * @throws Refused when tables of ours exist that no migration of ours made, others hold locks for too long, or a change
     *         fails
     */
    public void migrate() {
        try (Connection owner = connect()) {
            lock(owner);
            releaseStale(owner);
            Changelog.Standing standing = Changelog.read().of(owner);
            if (!standing.unknown().isEmpty()) {
                LOG.infof("A later release has migrated the database, with %s: its rules stay", standing.unknown());
            }
            if (!standing.missing().isEmpty()) {
                refuseStrangers(standing);
                update(owner);
            }
        } catch (SQLException e) {
            throw new Refused("The database cannot be migrated: " + e.getMessage(), e);
        }
    }

    /** The SQL that {@link #migrate} would run, for people who do it by hand. Changes nothing. */
    public String pending() {
        try (Connection owner = connect()) {
            Changelog.Standing standing = Changelog.read().of(owner);
            if (standing.missing().isEmpty()) {
                return "-- Nothing is missing." + System.lineSeparator();
            }
            refuseStrangers(standing);
            StringWriter sql = new StringWriter();
            with(owner, liquibase -> liquibase.update(new Contexts(), new LabelExpression(), sql));
            return sql.toString();
        } catch (SQLException | LiquibaseException e) {
            throw new Refused("The pending changes cannot be told: " + e.getMessage(), e);
        }
    }

    /**
     * Checks, as a role that may only work with the database, that it has what this release needs.
     *
     * @param worker a login that can take on the role {@code app_service}
     * @throws Refused when changes are missing
     */
    public static void requireDone(String url, String worker, String password) {
        try (Connection database = DriverManager.getConnection(url, worker, password);
                Statement statement = database.createStatement()) {
            statement.execute("set role app_service");
            List<String> missing = Changelog.read().of(database).missing();
            if (!missing.isEmpty()) {
                throw new Refused("The database is behind this release by " + missing.size() + " changes, the first of them "
                        + missing.get(0) + "; run this release with --migrate, or what it says to --print-migration");
            }
        } catch (SQLException e) {
            throw new Refused("The database cannot be asked for its changes: " + e.getMessage(), e);
        }
    }

    private Connection connect() throws SQLException {
        Connection owner = DriverManager.getConnection(url, user, password);
        try (Statement statement = owner.createStatement()) {
            statement.execute("set lock_timeout = '" + LOCK_TIMEOUT.toMillis() + "ms'");
        }
        return owner;
    }

    /** Polls: a statement that waits would hold up an index that is made concurrently, forever. */
    private static void lock(Connection owner) throws SQLException {
        for (int look = 0; look < MOST_LOOKS; look++) {
            try (PreparedStatement statement = owner.prepareStatement("select pg_try_advisory_lock(?)")) {
                statement.setLong(1, KEY);
                try (ResultSet taken = statement.executeQuery()) {
                    if (taken.next() && taken.getBoolean(1)) {
                        return;
                    }
                }
            }
            pause();
        }
        throw new Refused("Another process has been migrating this database for " + PAUSE.multipliedBy(MOST_LOOKS).toMinutes()
                + " minutes; start again when it has ended");
    }

    /** Frees the row that Liquibase locks, which outlives a killed process. We hold our lock, so no such process is alive. */
    private static void releaseStale(Connection owner) throws SQLException {
        try (Statement statement = owner.createStatement();
                ResultSet table = statement.executeQuery("select to_regclass('databasechangeloglock') is not null")) {
            if (table.next() && table.getBoolean(1)) {
                statement.execute("update databasechangeloglock set locked = false, lockgranted = null, lockedby = null"
                        + " where locked");
            }
        }
    }

    private static void refuseStrangers(Changelog.Standing standing) {
        if (!standing.strangers().isEmpty()) {
            throw new Refused(
                    "The database holds what this release is about to create, and no record of coachpay having made it: "
                            + String.join(", ", standing.strangers())
                            + ". Nothing was touched. Give coachpay a database of its own; or, if these"
                            + " are coachpay's, restored without the table databasechangelog, restore that as well");
        }
    }

    private static void update(Connection owner) throws SQLException {
        for (int tries = 1;; tries++) {
            try {
                with(owner, liquibase -> liquibase.update(new Contexts(), new LabelExpression()));
                return;
            } catch (LiquibaseException e) {
                if (!isLocked(e) || tries == MOST_TRIES) {
                    throw new Refused("The database could not be migrated: " + e.getMessage(), e);
                }
                LOG.infof("Somebody uses what is to be changed; nobody waits for us, we try again (%d)", tries);
                owner.rollback();
                releaseStale(owner);
                owner.commit();
                pause();
            }
        }
    }

    private static boolean isLocked(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refused && LOCK_NOT_AVAILABLE.equals(refused.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private interface Work {
        void on(Liquibase liquibase) throws LiquibaseException;
    }

    private static void with(Connection owner, Work work) throws LiquibaseException {
        Database database = DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(owner));
        // Not closed: that would close the connection, which holds the lock.
        Liquibase liquibase = new Liquibase(Changelog.FILE, new ClassLoaderResourceAccessor(), database);
        try {
            Scope.child(Scope.Attr.ui, new LoggerUIService(), () -> work.on(liquibase));
        } catch (LiquibaseException e) {
            throw e;
        } catch (Exception e) {
            throw new LiquibaseException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("Interrupted while the database was to be migrated", e);
        }
    }
}
