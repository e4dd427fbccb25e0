package io.coachpay.payout;

import java.time.Clock;
import java.time.Instant;

import javax.sql.DataSource;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;

/** Releases earnings as soon as their session is over, while a test asks for that; otherwise they are held as usual. */
@Alternative
@Priority(1)
@Singleton
public class EagerHoldings extends Holdings {

    private static volatile boolean eager;

    private final Clock clock;

    EagerHoldings(DataSource database, PayoutSettings settings, Clock clock) {
        super(database, settings, clock);
        this.clock = clock;
    }

    /** Turns the early release on or off. */
    public static void be(boolean so) {
        eager = so;
    }

    @Override
    Instant until() {
        return eager ? clock.instant() : super.until();
    }
}
