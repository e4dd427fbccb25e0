package io.coachpay.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.CopyOptions;
import io.vertx.core.json.JsonObject;

/**
 * Keeps the state in a file: written beside it and moved into place, so that the file is whole even if the process dies, and at
 * intervals, so that a busy sandbox is not slowed by it.
 */
final class Snapshots {

    private static final long PAUSE_MILLIS = 1_000;
    private static final long SHARE = 20;

    private final Vertx vertx;
    private final World world;
    private final Path file;
    private final Path beside;
    private boolean due;
    private boolean writing;
    private long pauseMillis = PAUSE_MILLIS;

    Snapshots(Vertx vertx, World world, Path file) {
        this.vertx = vertx;
        this.world = world;
        this.file = file.toAbsolutePath();
        this.beside = this.file.resolveSibling(this.file.getFileName() + ".new");
    }

    /** Loads the file if there is one, and from then on follows the changes. */
    void begin() {
        try {
            Files.createDirectories(file.getParent());
            if (Files.exists(file)) {
                world.load(new JsonObject(Files.readString(file)));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Cannot read the sandbox's state from " + file, unreadable);
        }
        world.onChange(this::markDue);
    }

    /** Writes now and waits, for the end of the process. */
    void writeNow() {
        try {
            Files.writeString(beside, world.save().encode(), StandardCharsets.UTF_8);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            throw new UncheckedIOException("Cannot write the sandbox's state to " + file, unwritable);
        }
    }

    private void markDue() {
        if (due) {
            return;
        }
        due = true;
        vertx.setTimer(pauseMillis, timer -> write());
    }

    private void write() {
        if (writing) {
            vertx.setTimer(pauseMillis, timer -> write());
            return;
        }
        due = false;
        writing = true;
        long start = System.nanoTime();
        Buffer snapshot = Buffer.buffer(world.save().encode());
        // a large state is written rarely, so that writing takes a twentieth of the loop's time at most
        pauseMillis = Math.max(PAUSE_MILLIS, (System.nanoTime() - start) / 1_000_000 * SHARE);
        vertx.fileSystem().writeFile(beside.toString(), snapshot)
                .compose(written -> vertx.fileSystem().move(beside.toString(), file.toString(),
                        new CopyOptions().setAtomicMove(true).setReplaceExisting(true)))
                .onComplete(done -> writing = false);
    }
}
