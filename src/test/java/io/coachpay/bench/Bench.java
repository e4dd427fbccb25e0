package io.coachpay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures the packaged service:
 * {@code Bench <quarkus-run.jar> <directory for the results> [events|history|growth|credits|subscriptions|all]}.
 * Yardstick and service take turns, so that other work on the machine slows both.
 */
final class Bench {

    private static final List<String> PARTS = List.of("events", "history", "growth", "credits", "subscriptions");
    private static final String ALL = "all";

    private Bench() {
    }

    public static void main(String[] arguments) throws Exception {
        Path packaged = Path.of(arguments[0]);
        Path directory = Path.of(arguments[1]).toAbsolutePath();
        String wanted = arguments.length < 3 ? ALL : arguments[2];
        if (!wanted.equals(ALL) && !PARTS.contains(wanted)) {
            throw new IllegalArgumentException("There is no part " + wanted + ", but " + PARTS + " and " + ALL);
        }
        Files.createDirectories(directory);
        Files.deleteIfExists(log(directory));
        Report report = new Report();
        for (String part : wanted.equals(ALL) ? PARTS : List.of(wanted)) {
            switch (part) {
                case "events" -> new EventsBench(packaged, directory, report).run();
                case "history" -> new HistoryBench(packaged, directory, report).run();
                case "growth" -> new GrowthBench(packaged, directory, report).run();
                case "credits" -> new CreditsBench(packaged, directory, report).run();
                case "subscriptions" -> new SubscriptionsBench(packaged, directory, report).run();
                default -> throw new IllegalStateException(part);
            }
        }
        report.write(directory);
    }

    /** The service's log. */
    static Path log(Path directory) {
        return directory.resolve("service.log");
    }

    static long postmaster(Path data) throws IOException {
        return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
