package io.coachpay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** Decisions are numbered without gaps, each once, and say their number. */
class DecisionsTest {

    @Test
    void numbersEachOnce() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/docs/decisions"))) {
            List<Path> decisions = files.sorted().toList();

            assertThat(decisions).extracting(file -> file.getFileName().toString().substring(0, 4))
                    .isEqualTo(IntStream.rangeClosed(1, decisions.size()).mapToObj("%04d"::formatted).toList());
            for (Path decision : decisions) {
                int number = Integer.parseInt(decision.getFileName().toString().substring(0, 4));
                assertThat(Files.readString(decision)).startsWith("# " + number + ". ");
            }
        }
    }
}
