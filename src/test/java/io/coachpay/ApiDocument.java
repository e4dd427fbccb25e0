package io.coachpay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;

/** The API's description as it is committed, so that a change of the API shows as a change of this file. */
public final class ApiDocument {

    private static final Path COMMITTED = Path.of("src/docs/openapi.yaml");

    /** Where the served document is left for the comparison. */
    private static final Path SERVED = Path.of("target/openapi.yaml");

    private static final List<String> PARTS = List.of("openapi", "info", "tags", "paths", "components");

    /** With this system property the committed document is written anew instead of compared. */
    private static final String WRITE = "openapi.write";

    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES, YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER, YAMLGenerator.Feature.SPLIT_LINES).build());

    private ApiDocument() {
    }

    /**
     * Fails with the lines that differ, or makes the served document the committed one if {@code -Dopenapi.write} is there.
     *
     * @param served the document of {@code /q/openapi} as JSON
     */
    public static void compareOrWrite(String served) throws IOException {
        if (System.getProperty(WRITE) == null) {
            compare(served);
            return;
        }
        Files.writeString(COMMITTED, yaml(Json.read(served)));
    }

    /** Fails with the lines that differ, and never writes. */
    public static void compare(String served) throws IOException {
        Files.writeString(SERVED, yaml(Json.read(served)));

        assertThat(SERVED).as("The API is not what %s says. If it was meant to change, `./mvnw test -Dtest=OpenApiTest -D%s`"
                + " writes the file anew: commit it with the change", COMMITTED, WRITE).hasSameTextualContentAs(COMMITTED);
    }

    /**
     * In the order of the alphabet where the served one has that in which classes were found, and its parts as people read
     * them.
     */
    private static String yaml(JsonNode served) throws IOException {
        ObjectNode document = YAML.createObjectNode();
        PARTS.forEach(part -> document.set(part, served.path(part)));
        document.setAll((ObjectNode) served);
        document.set("tags", YAML.createArrayNode().addAll(
                served.path("tags").valueStream().sorted(Comparator.comparing(tag -> tag.path("name").asText())).toList()));
        document.set("paths", sorted(served.path("paths")));
        document.path("components").properties().forEach(kind -> kind.setValue(sorted(kind.getValue())));
        return YAML.writeValueAsString(document);
    }

    private static JsonNode sorted(JsonNode named) {
        Map<String, JsonNode> byName = new TreeMap<>();
        named.properties().forEach(entry -> byName.put(entry.getKey(), entry.getValue()));
        return YAML.createObjectNode().setAll(byName);
    }
}
