package io.coachpay.sandbox;

import java.net.URI;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

/**
 * A running stand-in for Stripe. It has an event loop and a port of its own, so a busy service cannot starve it and a service
 * that is killed leaves it running.
 *
 * <pre>
 * try (Sandbox sandbox = Sandbox.start(Options.ofTests())) {
 *     // point Stripe's client at sandbox.uri()
 * }
 * </pre>
 */
public final class Sandbox implements AutoCloseable {

    private static final long TICK_MILLIS = 200;
    private static final int LARGEST_HEADER = 64 * 1024;

    private final Vertx vertx;
    private final Context loop;
    private final int port;
    private final @Nullable Snapshots snapshots;
    private final World world;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Sandbox(Vertx vertx, Context loop, HttpServer server, Options options) {
        this.vertx = vertx;
        this.loop = loop;
        this.port = server.actualPort();
        this.world = new World(vertx, "http://localhost:" + port, options.seed());
        this.snapshots = options.stateFile() == null ? null : new Snapshots(vertx, world, options.stateFile());
    }

    /**
     * Starts a sandbox and returns when it answers.
     *
     * @throws IllegalStateException if it cannot, for example because the port is taken
     */
    public static Sandbox start(Options options) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1).setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        Context loop = vertx.getOrCreateContext();
        try {
            return await(on(loop, () -> listen(vertx, loop, options)).compose(started -> started));
        } catch (CompletionException failure) {
            vertx.close();
            throw new IllegalStateException("The sandbox cannot start on port " + options.port(), failure.getCause());
        }
    }

    private static Future<Sandbox> listen(Vertx vertx, Context loop, Options options) {
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setHost(options.host()).setPort(options.port())
                .setMaxHeaderSize(LARGEST_HEADER));
        Server front = new Server();
        return server.requestHandler(front::serve).listen().map(listening -> {
            Sandbox sandbox = new Sandbox(vertx, loop, listening, options);
            sandbox.world.webhooks().replace(options.endpoints());
            if (sandbox.snapshots != null) {
                sandbox.snapshots.begin();
            }
            front.open(sandbox.world);
            vertx.setPeriodic(TICK_MILLIS, timer -> sandbox.world.tick());
            return sandbox;
        });
    }

    public int port() {
        return port;
    }

    /** The root of the API and of the hosted pages. */
    public URI uri() {
        return URI.create("http://localhost:" + port);
    }

    /** The sandbox's own time, which others can follow. */
    public Clock clock() {
        return world.clock().asClock(ZoneOffset.UTC);
    }

    /** Stops answering and posting, and writes the state if it is kept. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        await(on(loop, () -> {
            if (snapshots != null) {
                snapshots.writeNow();
            }
            world.webhooks().close();
            return true;
        }));
        await(vertx.close());
    }

    private static <T> Future<T> on(Context loop, Callable<T> task) {
        return Future.future(promise -> loop.runOnContext(nothing -> {
            try {
                promise.complete(task.call());
            } catch (Exception failure) {
                promise.fail(failure);
            }
        }));
    }

    private static <T> T await(Future<T> future) {
        CompletableFuture<T> waiting = future.toCompletionStage().toCompletableFuture();
        return waiting.join();
    }
}
