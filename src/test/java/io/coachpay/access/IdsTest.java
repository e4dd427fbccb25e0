package io.coachpay.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        assertThat(Ids.under(PARENT, "transfer", 0)).isEqualTo(Ids.under(PARENT, "transfer", 0));
    }

    @Test
    void makesAnotherUnderAnotherNameOrParentOrNumber() {
        UUID otherOfThatTime = new UUID(PARENT.getMostSignificantBits(), PARENT.getLeastSignificantBits() ^ 1);
        Set<UUID> ids = new HashSet<>(
                Set.of(PARENT, Ids.under(PARENT, "a", 0), Ids.under(otherOfThatTime, "a", 0), Ids.under(Ids.next(), "a", 0)));

        IntStream.range(0, 1000).mapToObj(Integer::toString).forEach(name -> ids.add(Ids.under(PARENT, name, 0)));
        IntStream.range(1, 4096).forEach(number -> ids.add(Ids.under(PARENT, "a", number)));

        assertThat(ids).hasSize(4 + 1000 + 4095);
    }

    @Test
    void keepsTheTimeOfTheParentAndTheOrderOfTheNumbers() {
        UUID id = Ids.under(PARENT, "a", 1);

        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(PARENT.getMostSignificantBits() >>> 16);
        assertThat(id.version()).isEqualTo(8);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(IntStream.of(0, 1, 2, 9, 10, 4095).mapToObj(number -> Ids.under(PARENT, "a", number).toString())).isSorted();
    }

    @Test
    void countsNoFurtherThanThereIsRoom() {
        assertThatThrownBy(() -> Ids.under(PARENT, "a", 4096)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Ids.under(PARENT, "a", -1)).isInstanceOf(IllegalArgumentException.class);
    }

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
