package io.coachpay.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

/** Reads the files in {@code docker/}. */
final class Docker {

    static final Path HOME = Path.of("docker");

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FIRST_COLUMN = Pattern.compile("(?m)^\\| `([a-z_-]+)` \\|");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Za-z_.-]+)` \\|");

    private Docker() {
    }

    static JsonNode compose() {
        return yaml("compose.yaml");
    }

    static JsonNode yaml(String name) {
        try {
            return YAML.readTree(text(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String name) {
        try {
            return JSON.readTree(text(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String name) {
        return read(HOME.resolve(name));
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The metrics in the reference; another test holds that list to those that are published. */
    static Set<String> metrics() {
        return table("| metric |");
    }

    /** The jobs in the reference, held by another test in the same way. */
    static Set<String> jobs() {
        return table("| job |");
    }

    private static Set<String> table(String heading) {
        String page = read(Path.of("src/docs/reference.md"));
        String table = page.substring(page.indexOf(heading));
        return FIRST_COLUMN.matcher(table.substring(0, table.indexOf("\n\n"))).results().map(row -> row.group(1))
                .collect(Collectors.toSet());
    }

    /** The environment variables that {@code configuration.md} names, and those its settings can be set by. */
    static Set<String> variables() {
        Set<String> names = new TreeSet<>();
        ROW.matcher(read(Path.of("src/docs/configuration.md"))).results().map(row -> row.group(1)).forEach(name -> {
            if (name.startsWith("coachpay.")) {
                names.add(name.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT));
            } else if (name.matches("[A-Z_]+")) {
                names.add(name);
            }
        });
        return names;
    }
}
