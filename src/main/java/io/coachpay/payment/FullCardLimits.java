package io.coachpay.payment;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import io.coachpay.access.Rows;

/** Finds the people who may try no more cards today, so that what is still open to them is ended. */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
public class FullCardLimits {

    private static final Duration DAY = Duration.ofDays(1);
    private static final String PEOPLE = """
            select user_id, max(created_at) as last from card_declines where created_at > ?
             group by user_id having count(*) >= ? order by last desc limit ?""";

    private final Rows rows;
    private final PaymentSettings settings;
    private final Clock clock;

    FullCardLimits(DataSource database, PaymentSettings settings, Clock clock) {
        this.rows = new Rows(database);
        this.settings = settings;
        this.clock = clock;
    }

    /** Those whose last card was refused most recently, so many at most. */
    public List<UUID> people(int atMost) {
        return rows.query(PEOPLE, row -> row.getObject("user_id", UUID.class), clock.instant().minus(DAY),
                settings.declinesPerDay(), atMost);
    }
}
