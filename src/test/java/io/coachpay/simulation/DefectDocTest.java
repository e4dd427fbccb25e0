package io.coachpay.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

/** {@code src/docs/simulation.md} lists every defect, in the order in which they are hunted. */
class DefectDocTest {

    @Test
    void namesEveryDefect() throws IOException {
        List<String> told = Files.readAllLines(Path.of("src/docs/simulation.md")).stream()
                .dropWhile(line -> !line.startsWith("| defect |")).skip(2).takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("`")[1]).toList();

        assertThat(told).isEqualTo(Arrays.stream(Defect.values()).map(Defect::name).toList());
    }
}
