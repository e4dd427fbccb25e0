package io.coachpay.http;

import java.util.concurrent.atomic.AtomicBoolean;

import io.vertx.core.buffer.Buffer;

/** A request's body, complete. Its bytes count towards the budget of {@link Bodies} until it is forgotten. */
public final class Body {

    private final Bodies bodies;
    private final Buffer bytes;
    private final AtomicBoolean forgotten = new AtomicBoolean();

    Body(Bodies bodies, Buffer bytes) {
        this.bodies = bodies;
        this.bytes = bytes;
    }

    public Buffer bytes() {
        return bytes;
    }

    /** Returns its bytes to the budget; a second call changes nothing. */
    public void forget() {
        if (forgotten.compareAndSet(false, true)) {
            bodies.giveBack(bytes.length());
        }
    }
}
