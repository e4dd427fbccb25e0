package io.coachpay.coach;

import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.Paging;
import io.coachpay.money.StripeCurrencies;

/**
 * The public part of a coach.
 *
 * @param bookable whether Stripe lets payments go to the coach
 */
@Schema(name = "Coach")
public record PublicCoach(UUID id, @Schema(examples = "Carol Cole") @Nullable String name,
        @Schema(examples = "Careers in engineering") @Nullable String headline, Money hourlyRate,
        @Schema(examples = "Europe/Berlin") String timeZone,
        @Schema(description = "Whether sessions can be booked now") boolean bookable) {

    private static final String COLUMNS = "select id, name, headline, hourly_rate, currency, time_zone, can_charge from coaches ";
    private static final String PAGE = COLUMNS + "where can_charge and id < :before order by id desc";
    private static final String ONE = COLUMNS + "where id = :id";

    /** Coaches who can be booked, newest first, one more than a page has. */
    static List<PublicCoach> page(Paging paging) {
        List<?> rows = CoachProfile.getEntityManager().createNativeQuery(PAGE, Object[].class)
                .setParameter("before", paging.before()).setMaxResults(paging.limit() + 1).getResultList();
        return rows.stream().map(row -> of((Object[]) row)).toList();
    }

    /** A coach, perhaps not bookable at the moment; null when there is no such coach. */
    static @Nullable PublicCoach one(UUID id) {
        List<?> rows = CoachProfile.getEntityManager().createNativeQuery(ONE, Object[].class).setParameter("id", id)
                .getResultList();
        return rows.isEmpty() ? null : of((Object[]) rows.get(0));
    }

    private static PublicCoach of(Object[] row) {
        Money rate = StripeCurrencies.of(row[4].toString()).of((BigDecimal) row[3]);
        return new PublicCoach((UUID) row[0], (String) row[1], (String) row[2], rate, (String) row[5], (Boolean) row[6]);
    }
}
