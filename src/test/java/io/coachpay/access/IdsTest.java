package io.coachpay.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class IdsTest {

    private static final UUID PARENT = Ids.next();

    @Test
    void makesTheSameIdUnderTheSameParentAndName() {
        assertThat(Ids.under(PARENT, "transfer/0")).isEqualTo(Ids.under(PARENT, "transfer/0"));
    }

    @Test
    void makesAnotherUnderAnotherNameOrParent() {
        UUID otherOfThatTime = new UUID(PARENT.getMostSignificantBits(), PARENT.getLeastSignificantBits() ^ 1);
        Set<UUID> ids = new HashSet<>(Set.of(PARENT, Ids.under(otherOfThatTime, "0"), Ids.under(Ids.next(), "0")));

        IntStream.range(0, 1000).mapToObj(Integer::toString).forEach(name -> ids.add(Ids.under(PARENT, name)));

        assertThat(ids).hasSize(1003);
    }

    @Test
    void keepsTheTimeOfTheParent() {
        UUID id = Ids.under(PARENT, "0");

        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(PARENT.getMostSignificantBits() >>> 16);
        assertThat(id.version()).isEqualTo(8);
        assertThat(id.variant()).isEqualTo(2);
    }

    @Test
    void knowsTheFirstIdOfAMoment() {
        UUID first = Ids.first(Instant.ofEpochMilli(PARENT.getMostSignificantBits() >>> 16));

        assertThat(first.toString()).isLessThanOrEqualTo(PARENT.toString());
        assertThat(first.toString()).isGreaterThan(Ids.first(Instant.now().minusSeconds(60)).toString());
    }
}
