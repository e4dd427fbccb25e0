package io.coachpay.http;

/** The limits of requests to the API. */
public final class RequestLimits {

    /** Bytes that the body of a request may have. (Webhooks may be larger, and have their own bound.) */
    public static final int LARGEST_BODY = 64 * 1024;

    private RequestLimits() {
    }
}
