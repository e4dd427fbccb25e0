package io.coachpay.simulation;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An answer.
 *
 * @param status 0 when the connection ended without an answer
 */
public record Reply(int status, JsonNode body) {

    public boolean ok() {
        return status >= 200 && status < 300;
    }

    /** The text of that field, empty when there is none. */
    public String text(String field) {
        return body.path(field).asText("");
    }

    /** The status, and the name of the problem if it is one. */
    public String brief() {
        String problem = body.path("type").asText("").replace("urn:coachpay:problem:", " ");
        String error = body.path("error").path("code").asText("");
        return status + (problem.startsWith(" ") ? problem : error.isEmpty() ? "" : " " + error);
    }
}
