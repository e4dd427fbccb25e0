package io.coachpay.development;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The directory with the files of a PostgreSQL that is kept between starts.
 *
 * @param path the directory, which need not exist yet
 */
record DataDirectory(Path path) {

    /** The major version of the binaries this project ships for development. */
    static final String MAJOR_VERSION = "18";

    /** Refuses a directory that another version of PostgreSQL made: the server would report that in its log alone. */
    void requireOurVersion() {
        Path marker = path.resolve("PG_VERSION");
        if (!Files.exists(marker)) {
            return;
        }
        String found = firstLine(marker);
        if (!found.equals(MAJOR_VERSION)) {
            throw new IllegalStateException(this + " was made by PostgreSQL " + found + ", this is PostgreSQL "
                    + MAJOR_VERSION + ": move the directory away or delete it");
        }
    }

    /**
     * Stops the server that a killed JVM left running. A running JVM holds the lock beside the data, so its server is never
     * stopped.
     */
    void stopOrphan() {
        Path pidFile = path.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        requireUnlocked();
        Optional<ProcessHandle> orphan = ProcessHandle.of(Long.parseLong(firstLine(pidFile)))
                .filter(process -> process.info().command().orElse("").endsWith("/postgres"));
        if (orphan.isPresent()) {
            orphan.get().destroy();
            awaitEnd(orphan.get());
        }
    }

    private void awaitEnd(ProcessHandle server) {
        try {
            server.onExit().get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while stopping PostgreSQL", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The PostgreSQL left running on " + this + " does not stop", e);
        }
    }

    private void requireUnlocked() {
        try (FileChannel channel = FileChannel.open(path.resolve("epg-lock"), CREATE, WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                return;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OverlappingFileLockException e) {
            throw new IllegalStateException(this + " is in use by this very process", e);
        }
        throw new IllegalStateException(this + " is in use by another coachpay that is running");
    }

    private static String firstLine(Path file) {
        try {
            return Files.readAllLines(file).get(0).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return path.toAbsolutePath().toString();
    }
}
