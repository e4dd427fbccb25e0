package io.coachpay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

/** The glossary is short, in order, and leads from each word to a class; that the class exists is held with all documents. */
class GlossaryTest {

    private static final int MOST = 40;

    @Test
    void leadsFromEachWordToItsClass() throws IOException {
        List<String[]> rows = Files.readAllLines(Path.of("src/docs/glossary.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| word |")).map(line -> line.split(" *\\| *"))
                .toList();

        assertThat(rows).isNotEmpty().hasSizeLessThanOrEqualTo(MOST);
        assertThat(rows).extracting(row -> row[1]).isSortedAccordingTo(String.CASE_INSENSITIVE_ORDER).doesNotHaveDuplicates();
        assertThat(rows).allSatisfy(row -> {
            assertThat(row[2].split("(?<=\\.) ")).as(row[1]).hasSizeBetween(1, 2);
            assertThat(row[3]).as(row[1]).matches("`[a-z]+/[A-Z]\\w+`(, `[a-z]+/[A-Z]\\w+`)*");
        });
    }
}
