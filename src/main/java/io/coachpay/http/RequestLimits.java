package io.coachpay.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/** Bodies of the API are small: 64 KiB at most. (Webhooks may be larger, and have their own bound.) */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class RequestLimits implements ContainerRequestFilter {

    /** Bytes that a request of the API may have. */
    public static final int LARGEST_BODY = 64 * 1024;

    @Override
    public void filter(ContainerRequestContext request) {
        if (!request.getUriInfo().getPath().startsWith("/v1/")) {
            return;
        }
        if (request.getLength() > LARGEST_BODY) {
            throw new TooLarge();
        }
        if (request.hasEntity()) {
            request.setEntityStream(new Bounded(request.getEntityStream()));
        }
    }

    /** A body that did not say its length is counted while it is read. */
    private static final class Bounded extends FilterInputStream {

        private int left = LARGEST_BODY;

        Bounded(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int read) {
            left -= read;
            if (left < 0) {
                throw new TooLarge();
            }
        }
    }

    private static final class TooLarge extends Refused {
        TooLarge() {
            super("too-large", 413, "Request too large", "A request's body may have " + LARGEST_BODY + " bytes at most");
        }
    }
}
