package io.coachpay.reporting;

import java.util.List;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonInclude;

/** Lines that sum exactly to a total, or a page of them that does. */
@Schema(name = "Explanation")
record Explanation(@Schema(description = "The sum of the lines") Money total,
        @Schema(description = "Newest first") List<Line> lines,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable @Schema(description = "The cursor of the next page, opaque; null on the last page") String next) {

    Explanation {
        if (!sum(total, lines).isEqual(total)) {
            throw new IllegalStateException("The lines make up " + sum(total, lines) + " and not " + total);
        }
    }

    static Money sum(Money like, List<Line> lines) {
        return lines.stream().map(Line::amount).reduce(Money.zero(like.getCurrencyUnit()), Money::plus);
    }
}
