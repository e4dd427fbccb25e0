package io.coachpay.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code docker/compose.yaml} sets everything the service needs, and names only variables that exist. */
class ComposeTest {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)(:[?-])?");
    private static final Pattern REQUIRED = Pattern.compile("new Setting\\(\"([A-Z_]+)\"");
    private static final Pattern SETTING = Pattern.compile("(?m)^#?([A-Z_]+)=(.*)$");
    private static final Pattern COPY = Pattern.compile("(?m)^COPY (?!--from)(?:--\\S+ )*(\\S+) ");
    private static final Pattern LATEST = Pattern.compile("[^:]+(:latest)?");

    /** Variables that the other images read, by their own documentation. */
    private static final Set<String> IMAGES = Set.of("POSTGRES_PASSWORD", "KC_BOOTSTRAP_ADMIN_PASSWORD",
            "GF_SECURITY_ADMIN_PASSWORD");

    /** Variables that docker compose itself reads. */
    private static final Set<String> TOOL = Set.of("COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME");

    @Test
    void asksForNothingThatNobodyReads() {
        Set<String> known = Docker.variables();
        known.addAll(IMAGES);

        assertThat(known).containsAll(asked().keySet());
    }

    @Test
    void setsAllThatTheServiceCannotDoWithout() {
        List<String> required = REQUIRED.matcher(Docker.read(Path.of("src/main/java/io/coachpay/Coachpay.java"))).results()
                .map(name -> name.group(1)).toList();

        assertThat(required).hasSizeGreaterThan(5);
        assertThat(names(service("coachpay").get("environment"))).containsAll(required);
    }

    @Test
    void givesTheServiceNothingThatItDoesNotRead() {
        assertThat(Docker.variables()).containsAll(names(service("coachpay").get("environment")));
    }

    @Test
    void namesInTheExampleWhatItAsksFor() {
        Set<String> example = settings(".env.example").keySet();
        Set<String> wanted = new TreeSet<>(asked().keySet());
        wanted.addAll(Set.of("COMPOSE_PROJECT_NAME"));

        assertThat(example).isEqualTo(wanted);
    }

    @Test
    void findsAllThatItDemandsAmongTheSandboxesSettings() {
        Map<String, String> sandbox = settings("sandbox.env");
        Set<String> demanded = asked().entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Set<String> known = new TreeSet<>(asked().keySet());
        known.addAll(TOOL);

        assertThat(sandbox.keySet()).containsAll(demanded);
        assertThat(known).containsAll(sandbox.keySet());
        assertThat(sandbox.values()).doesNotContain("");
    }

    @Test
    void mountsOnlyWhatIsThere() {
        List<Path> mounted = services().flatMap(service -> texts(service.path("volumes")))
                .filter(volume -> volume.startsWith("."))
                .map(volume -> Docker.HOME.resolve(volume.split(":")[0]).normalize()).toList();

        assertThat(mounted).isNotEmpty().allSatisfy(path -> assertThat(path).exists());
    }

    @Test
    void keepsEveryVolumeThatAServiceNames() {
        Set<String> named = services().flatMap(service -> texts(service.path("volumes")))
                .filter(volume -> !volume.startsWith(".")).map(volume -> volume.split(":")[0]).collect(Collectors.toSet());

        assertThat(names(Docker.compose().get("volumes"))).isEqualTo(named);
    }

    @Test
    void opensPortsOnThisMachineAloneAndTheManagementPortToNobody() {
        List<String> ports = services().flatMap(service -> texts(service.path("ports"))).toList();

        assertThat(ports).isNotEmpty().allMatch(port -> port.startsWith("127.0.0.1:"))
                .noneMatch(port -> port.endsWith(":9000"));
    }

    @Test
    void letsTheServiceWriteNowhereButToItsTemporaryDirectory() {
        for (String name : List.of("coachpay", "sandbox")) {
            JsonNode service = service(name);

            assertThat(service.get("read_only").asBoolean()).as(name).isTrue();
            assertThat(texts(service.get("tmpfs"))).as(name).containsExactly("/tmp");
            assertThat(texts(service.get("cap_drop"))).as(name).containsExactly("ALL");
        }
    }

    @Test
    void takesBaseImagesByTheirTag() {
        List<String> images = Stream.concat(
                services().filter(service -> !service.has("build")).map(service -> service.get("image").asText()),
                Docker.text("Containerfile").lines().filter(line -> line.matches("FROM \\S+/\\S+.*"))
                        .map(line -> line.split(" ")[1]))
                .toList();

        assertThat(images).hasSizeGreaterThan(4).noneMatch(image -> LATEST.matcher(image).matches());
    }

    @Test
    void waitsOnlyForServicesThatThereAre() {
        Set<String> waitedFor = services().map(service -> service.path("depends_on"))
                .flatMap(on -> on.isArray() ? texts(on) : names(on).stream()).collect(Collectors.toSet());

        assertThat(names(Docker.compose().get("services"))).containsAll(waitedFor);
    }

    @Test
    void sendsTheBuildAllThatIsCopied() {
        List<String> sent = Docker.text("Containerfile.dockerignore").lines().filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1)).toList();

        List<String> copied = COPY.matcher(Docker.text("Containerfile")).results().map(copy -> copy.group(1)).toList();

        assertThat(copied).hasSizeGreaterThan(3).allMatch(path -> sent.stream().anyMatch(path::startsWith));
        assertThat(copied).filteredOn(path -> !path.startsWith("target/")).isNotEmpty()
                .allSatisfy(path -> assertThat(Path.of(path)).exists());
    }

    /** The variables it is filled in with, and whether it refuses to start without them. */
    private static Map<String, Boolean> asked() {
        Map<String, Boolean> asked = new TreeMap<>();
        VARIABLE.matcher(Docker.text("compose.yaml")).results()
                .forEach(found -> asked.merge(found.group(1), ":?".equals(found.group(2)), Boolean::logicalOr));
        return asked;
    }

    private static Map<String, String> settings(String file) {
        Map<String, String> settings = new TreeMap<>();
        SETTING.matcher(Docker.text(file)).results().forEach(line -> settings.put(line.group(1), line.group(2)));
        return settings;
    }

    private static JsonNode service(String name) {
        return Docker.compose().get("services").get(name);
    }

    private static Stream<JsonNode> services() {
        return StreamSupport.stream(Docker.compose().get("services").spliterator(), false);
    }

    private static Stream<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText);
    }

    private static Set<String> names(JsonNode map) {
        Set<String> names = new TreeSet<>();
        map.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
