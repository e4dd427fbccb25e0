package io.coachpay.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;

import org.junit.jupiter.api.Test;

class IdsTest {

    @Test
    void tellsTheFirstIdOfAMoment() {
        Instant before = Instant.now().minusMillis(1);
        UUID id = Ids.next();
        Instant after = Instant.now().plusMillis(1);

        // As PostgreSQL compares them; Java takes the halves for signed numbers.
        assertThat(id.toString()).isBetween(Ids.first(before).toString(), Ids.first(after).toString());
        assertThat(Ids.first(after).version()).isEqualTo(7);
        assertThat(Ids.first(after).variant()).isEqualTo(2);
    }
}
