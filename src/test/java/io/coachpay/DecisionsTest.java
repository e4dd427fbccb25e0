package io.coachpay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** Decisions are numbered without gaps, each once, and say their number and whether they stand; the index lists them all. */
class DecisionsTest {

    private static final Path HOME = Path.of("src/docs/decisions");
    private static final Pattern STATUS = Pattern.compile("Status: (?:stands|changed by (\\d{4}): .+)");

    @Test
    void numbersEachOnce() throws IOException {
        List<Path> decisions = decisions();

        assertThat(decisions).extracting(DecisionsTest::number)
                .isEqualTo(IntStream.rangeClosed(1, decisions.size()).mapToObj("%04d"::formatted).toList());
        for (Path decision : decisions) {
            assertThat(title(decision)).startsWith(Integer.parseInt(number(decision)) + ". ");
        }
    }

    @Test
    void saysOfEachWhetherItStands() throws IOException {
        List<Path> decisions = decisions();
        List<String> numbers = decisions.stream().map(DecisionsTest::number).toList();

        for (Path decision : decisions) {
            var status = STATUS.matcher(status(decision));
            assertThat(status.matches()).as(decision + ": " + status(decision)).isTrue();
            if (status.group(1) != null) {
                assertThat(numbers).contains(status.group(1));
                assertThat(status.group(1)).as("changed by a later one").isGreaterThan(number(decision));
            }
        }
    }

    @Test
    void listsEachInTheIndexWithItsStatus() throws IOException {
        List<String> rows = new ArrayList<>();
        for (Path decision : decisions()) {
            rows.add("| [%s](%s) | %s |".formatted(title(decision), decision.getFileName(),
                    status(decision).substring("Status: ".length())));
        }

        assertThat(Files.readAllLines(HOME.resolve("README.md")).stream().filter(line -> line.startsWith("| [")))
                .isEqualTo(rows);
    }

    private static List<Path> decisions() throws IOException {
        try (Stream<Path> files = Files.list(HOME)) {
            return files.filter(file -> !file.endsWith("README.md")).sorted().toList();
        }
    }

    private static String number(Path decision) {
        return decision.getFileName().toString().substring(0, 4);
    }

    private static String title(Path decision) throws IOException {
        return Files.readAllLines(decision).get(0).substring("# ".length());
    }

    /** The third line, below the title. */
    private static String status(Path decision) throws IOException {
        return Files.readAllLines(decision).get(2);
    }
}
