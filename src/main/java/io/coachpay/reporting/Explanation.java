package io.coachpay.reporting;

import java.util.List;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonInclude;

/** Lines that sum exactly to a total, or a page of them that does so too. */
@Schema(name = "Explanation")
record Explanation(@Schema(description = "What the lines sum to") Money total,
        @Schema(description = "Newest first") List<Line> lines,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable @Schema(description = "Where the next page begins, opaque; null on the last page") String next) {

    Explanation {
        if (!sum(total, lines).isEqual(total)) {
            throw new IllegalStateException("The lines make up " + sum(total, lines) + " and not " + total);
        }
    }

    static Money sum(Money like, List<Line> lines) {
        return lines.stream().map(Line::amount).reduce(Money.zero(like.getCurrencyUnit()), Money::plus);
    }
}
