package io.coachpay.coach;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Stripe's requirements on a coach, in its own codes.
 *
 * @param currentlyDue due now
 * @param pastDue overdue: an ability is switched off because of it
 * @param pendingVerification provided, and being verified
 * @param disabledReason the reason why an ability is switched off; null if none is
 * @see <a href="https://docs.stripe.com/connect/handling-api-verification">Stripe: handle verification with the API</a>
 */
@Schema(name = "Requirements")
public record Requirements(@Schema(examples = "[\"external_account\"]") List<String> currentlyDue,
        @Schema(examples = "[]") List<String> pastDue, @Schema(examples = "[]") List<String> pendingVerification,
        @Schema(examples = "requirements.past_due") @Nullable String disabledReason) {

    static Requirements of(@Nullable JsonNode stripes) {
        if (stripes == null) {
            return new Requirements(List.of(), List.of(), List.of(), null);
        }
        JsonNode due = stripes.has("currently_due") ? stripes.path("currently_due") : stripes.path("fields_needed");
        return new Requirements(texts(due), texts(stripes.path("past_due")), texts(stripes.path("pending_verification")),
                stripes.path("disabled_reason").textValue());
    }

    boolean isDue() {
        return !currentlyDue.isEmpty() || !pastDue.isEmpty();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
