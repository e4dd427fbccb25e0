package io.coachpay.http;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A refusal that a caller must expect, answered as a problem (RFC 9457) of type {@code urn:coachpay:problem:<name>}.
 * <p>
 * It carries no stack trace: it is about the caller's request, not about our code.
 */
public abstract class Refused extends RuntimeException {

    /** The beginning of every problem's type. */
    public static final String URN = "urn:coachpay:problem:";

    private final String name;
    private final int status;
    private final String title;
    private final Map<String, Object> facts = new LinkedHashMap<>();

    /**
     * @param name the problem's name, lower case with dashes
     * @param status the HTTP status
     * @param title the kind of refusal, the same for each occurrence
     * @param detail explains this occurrence to the reader of the answer
     */
    protected Refused(String name, int status, String title, String detail) {
        super(detail, null, false, false);
        this.name = name;
        this.status = status;
        this.title = title;
    }

    /** Adds a member to the problem, for clients to act on; null adds nothing. */
    protected final Refused with(String member, @Nullable Object value) {
        if (value != null) {
            facts.put(member, value);
        }
        return this;
    }

    /** The problem's name, without the urn in front. */
    public final String name() {
        return name;
    }

    /** The HTTP status of the answer. */
    public final int status() {
        return status;
    }

    /** The kind of refusal, the same for each occurrence. */
    public final String title() {
        return title;
    }

    final Map<String, Object> facts() {
        return facts;
    }
}
