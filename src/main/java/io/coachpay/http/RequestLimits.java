package io.coachpay.http;

/** What requests of the API may be like. */
public final class RequestLimits {

    /** Bytes that the body of a request may have. (Webhooks may be larger, and have their own bound.) */
    public static final int LARGEST_BODY = 64 * 1024;

    private RequestLimits() {
    }
}
