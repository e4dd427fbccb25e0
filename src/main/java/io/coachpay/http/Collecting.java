package io.coachpay.http;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * One body that is being collected. Everything runs on its request's event loop, except that other bodies make it give its
 * bytes back ({@link #makeRoom}).
 */
final class Collecting {

    private static final Buffer NOTHING = Buffer.buffer(0);

    private final Bodies bodies;
    private final HttpServerRequest request;
    private final int largest;
    private final Consumer<Body> then;
    private final Consumer<Refused> refuse;
    private final Context eventLoop = Vertx.currentContext();
    /** No timer has this number. */
    private long timer = -1;
    private Buffer collected = NOTHING;
    private int parts;
    private boolean over;

    Collecting(Bodies bodies, HttpServerRequest request, int largest, Consumer<Body> then, Consumer<Refused> refuse) {
        this.bodies = bodies;
        this.request = request;
        this.largest = largest;
        this.then = then;
        this.refuse = refuse;
    }

    void begin() {
        if (declared() > largest) {
            refuse(new TooLarge(largest));
            return;
        }
        timer = bodies.inTime(this::late);
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        request.handler(this::add).exceptionHandler(gone -> stop()).endHandler(this::end).resume();
    }

    /** Bytes that the request declares; Netty has checked that this is a number. */
    private long declared() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length);
    }

    private void add(Buffer part) {
        if (collected.length() + part.length() > largest) {
            refuse(new TooLarge(largest));
        } else if (!bodies.take(part.length())) {
            refuse(new NoRoom());
        } else if (!keep(part)) {
            bodies.giveBack(part.length());
        }
    }

    /** A body of one part, as most are, is not copied. */
    private synchronized boolean keep(Buffer part) {
        if (over) {
            return false;
        }
        parts++;
        if (parts == 2) {
            bodies.goesOn(this);
            collected = Buffer.buffer(2 * (collected.length() + part.length())).appendBuffer(collected);
        }
        collected = parts == 1 ? part : collected.appendBuffer(part);
        return true;
    }

    private void end(@Nullable Void nothing) {
        Buffer all = stopped();
        if (all != null) {
            then.accept(new Body(bodies, all));
        }
    }

    private void late() {
        if (stop()) {
            answer(new TooSlow(bodies.deadline().toSeconds()));
            request.connection().close();
        }
    }

    /** Gives its bytes back at once, for others that need them, and answers when its event loop comes to it. */
    void makeRoom() {
        if (stop()) {
            eventLoop.runOnContext(nothing -> refuseTheRest(new NoRoom()));
        }
    }

    private void refuse(Refused refused) {
        if (stop()) {
            refuseTheRest(refused);
        }
    }

    private void refuseTheRest(Refused refused) {
        answer(refused);
        bodies.discard(request);
    }

    private void answer(Refused refused) {
        bodies.refused(refused);
        refuse.accept(refused);
    }

    /** Ends collecting and drops the bytes; false when it has ended before. */
    private boolean stop() {
        Buffer all = stopped();
        if (all == null) {
            return false;
        }
        bodies.giveBack(all.length());
        return true;
    }

    /** Ends collecting and returns the bytes; null when it has ended before. */
    private @Nullable Buffer stopped() {
        Buffer all;
        synchronized (this) {
            if (over) {
                return null;
            }
            over = true;
            all = collected;
            collected = NOTHING;
        }
        bodies.notInTime(timer);
        if (parts > 1) {
            bodies.isOver(this);
        }
        return all;
    }

    private static final class TooLarge extends Refused {
        TooLarge(int largest) {
            super("too-large", 413, "Request too large", "A body may have " + largest + " bytes at most here");
        }
    }

    private static final class TooSlow extends Refused {
        TooSlow(long seconds) {
            super("too-slow", 408, "Request too slow", "A request's body has to arrive within " + seconds + " seconds");
        }
    }

    private static final class NoRoom extends Refused {
        NoRoom() {
            super("no-room", 503, "No room for the request", "Too many large requests are under way; try again in a moment");
            with("retryAfter", 5);
        }
    }
}
