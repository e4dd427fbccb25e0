package io.coachpay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.ws.rs.HttpMethod;

import org.junit.jupiter.api.Test;

import com.stripe.Stripe;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import io.coachpay.reconciliation.Cause;
import io.coachpay.reconciliation.Kind;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * The documents name every setting and every variable there is, with the defaults they have, and every job, metric, finding and
 * storey; and they name only files, headings and classes that exist.
 */
class DocumentsTest {

    private static final Path CONFIGURATION = Path.of("src/docs/configuration.md");
    private static final Path REFERENCE = Path.of("src/docs/reference.md");
    private static final List<Path> SOURCES = List.of(Path.of("src/main/java"), Path.of("src/dev/java"),
            Path.of("src/test/java"));

    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| ([^|]+) \\| [^|]+ \\|");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern TYPE = Pattern.compile("`([a-z]+/[A-Z][A-Za-z]*)");
    private static final Pattern WEBHOOKS = Pattern.compile("_PATH = \"([^\"]+)\"");
    private static final Pattern JOB = Pattern.compile("(?:NAME = |String name\\(\\) \\{\\s+return )\"([a-z-]+)\"");
    private static final Pattern METRIC = Pattern.compile("(?:builder|counter|timer|gauge)\\(\\s*\"(coachpay\\.[a-z.]+)\"");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)(?::([^}]*))?}");

    @Test
    void namesEverySettingWithItsDefault() throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.coachpay").stream()
                .filter(candidate -> candidate.isAnnotatedWith(ConfigMapping.class)).map(JavaClass::reflect)
                .forEach(type -> settings.putAll(settings(type)));
        Map<String, String> told = rows();
        told.keySet().removeIf(name -> !name.startsWith("coachpay."));

        assertThat(told.keySet()).isEqualTo(settings.keySet());
        settings.values().removeIf(String::isEmpty);
        assertThat(told).containsAllEntriesOf(settings);
    }

    @Test
    void namesEveryVariableWithItsDefault() throws IOException {
        Map<String, String> told = rows();
        Set<String> missing = new TreeSet<>();
        Matcher variable = VARIABLE.matcher(Files.readString(Path.of("src/main/resources/application.properties")));
        while (variable.find()) {
            String name = variable.group(1);
            String row = told.get(name);
            boolean inDevelopment = row != null && row.equals("required");
            if (row == null || (!inDevelopment && variable.group(2) != null && !variable.group(2).isEmpty()
                    && !row.equals("`" + variable.group(2) + "`"))) {
                missing.add(name + " (" + variable.group(2) + ")");
            }
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void namesEveryJob() throws IOException {
        Set<String> jobs = found(JOB, source -> source.contains(" implements Job {"));

        Set<String> told = table("| job |");

        assertThat(told).isEqualTo(jobs);
    }

    @Test
    void namesEveryMetric() throws IOException {
        Set<String> metrics = found(METRIC, source -> source.contains("import io.micrometer."));

        Set<String> told = table("| metric |").stream()
                .map(name -> name.replaceFirst("_(total|seconds)$", "").replace('_', '.')).collect(Collectors.toSet());

        assertThat(told).isEqualTo(metrics);
    }

    @Test
    void namesEveryKindOfFinding() throws IOException {
        assertThat(table("| kind |")).isEqualTo(Arrays.stream(Kind.values()).map(Kind::code).collect(Collectors.toSet()));
    }

    @Test
    void namesEveryCauseOfFindings() throws IOException {
        assertThat(table("| cause |")).isEqualTo(Arrays.stream(Cause.values()).map(Cause::code).collect(Collectors.toSet()));
    }

    @Test
    void tellsWhoGoesLiveOnlyOfWhatThereIs() throws IOException {
        String page = Files.readString(Path.of("src/docs/operations.md"));
        String list = page.substring(page.indexOf("## Go live"), page.indexOf("## Alerts"));
        Set<String> known = new TreeSet<>(rows().keySet());
        known.addAll(endpoints());
        known.addAll(table("| metric |"));
        known.addAll(found(WEBHOOKS, source -> source.contains("class WebhookRoute")));
        known.addAll(Set.of("admin", "aud", "/q", Stripe.API_VERSION));

        assertThat(list.lines().filter(line -> line.matches("\\d+\\. .*"))).hasSize(10);
        assertThat(NAME.matcher(list).results().map(name -> name.group(1)).filter(name -> !Files.exists(Path.of(name))))
                .hasSizeGreaterThan(10).allMatch(known::contains);
    }

    @Test
    void showsEveryStorey() throws IOException {
        Map<String, List<String>> built = new LinkedHashMap<>();
        for (StructureTest.Storey storey : StructureTest.STOREYS) {
            built.put(storey.name(), storey.packages().stream()
                    .filter(name -> Files.isDirectory(Path.of("src/main/java/io/coachpay", name))).toList());
        }
        built.remove("outside the house");

        Map<String, List<String>> shown = new LinkedHashMap<>();
        Files.readAllLines(Path.of("README.md")).stream().dropWhile(line -> !line.startsWith("| storey |")).skip(2)
                .takeWhile(line -> line.startsWith("|")).map(line -> line.split(" *\\| *"))
                .forEach(row -> shown.put(row[1], NAME.matcher(row[2]).results().map(name -> name.group(1)).toList()));

        assertThat(shown).isEqualTo(built);
    }

    @Test
    void saysWhatEachPackagePromises() throws IOException {
        Set<String> packages = new TreeSet<>();
        for (Path source : SOURCES.subList(0, 2)) {
            try (Stream<Path> files = Files.isDirectory(source) ? Files.list(source.resolve("io/coachpay")) : Stream.empty()) {
                files.filter(Files::isDirectory).forEach(folder -> packages.add(folder.getFileName().toString()));
            }
        }

        assertThat(table(Path.of("CONTRIBUTING.md"), "| package |")).isEqualTo(packages);
    }

    @Test
    void linksOnlyToFilesAndHeadingsThatAreThere() throws IOException {
        Set<String> broken = new TreeSet<>();
        for (Path page : pages()) {
            for (MatchResult link : LINK.matcher(Files.readString(page)).results().toList()) {
                Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
                boolean isThere = link.group(1).contains(":") || (Files.exists(target)
                        && (link.group(2) == null || anchors(target).contains(link.group(2))));
                if (!isThere) {
                    broken.add(page + ": " + link.group());
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    @Test
    void namesOnlyClassesThatAreThere() throws IOException {
        Set<String> unknown = new TreeSet<>();
        for (Path page : pages()) {
            TYPE.matcher(Files.readString(page)).results().map(type -> type.group(1))
                    .filter(type -> SOURCES.stream()
                            .noneMatch(source -> Files.exists(source.resolve("io/coachpay").resolve(type + ".java"))))
                    .forEach(type -> unknown.add(page + ": " + type));
        }

        assertThat(unknown).isEmpty();
    }

    /** The README, CONTRIBUTING and all of {@code src/docs}. */
    static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/docs"))) {
            List<Path> pages = new ArrayList<>(files.filter(file -> file.toString().endsWith(".md")).sorted().toList());
            pages.addAll(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")));
            return pages;
        }
    }

    /** The anchors of a page's headings: in lower case, without punctuation, with dashes for blanks. */
    private static Set<String> anchors(Path page) throws IOException {
        return HEADING.matcher(Files.readString(page)).results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** Method and path of every endpoint. */
    private static Set<String> endpoints() {
        Set<String> endpoints = new TreeSet<>();
        new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.coachpay").stream()
                .filter(type -> type.isAnnotatedWith(jakarta.ws.rs.Path.class)).map(JavaClass::reflect)
                .forEach(type -> Arrays.stream(type.getDeclaredMethods())
                        .forEach(method -> Arrays.stream(method.getAnnotations())
                                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                                .filter(Objects::nonNull)
                                .forEach(verb -> endpoints.add(verb.value() + " " + path(type, method)))));
        return endpoints;
    }

    private static String path(Class<?> type, Method method) {
        jakarta.ws.rs.Path rest = method.getAnnotation(jakarta.ws.rs.Path.class);
        String path = type.getAnnotation(jakarta.ws.rs.Path.class).value() + (rest == null ? "" : "/" + rest.value());
        return path.replaceAll("/+", "/");
    }

    private static Set<String> table(String heading) throws IOException {
        return table(REFERENCE, heading);
    }

    /** The names in the first column of the page's table that begins so. */
    private static Set<String> table(Path page, String heading) throws IOException {
        return Files.readAllLines(page).stream().dropWhile(line -> !line.startsWith(heading)).skip(2)
                .takeWhile(line -> line.startsWith("|")).flatMap(line -> NAME.matcher(line.split("\\|")[1]).results())
                .map(name -> name.group(1)).collect(Collectors.toSet());
    }

    private static Set<String> found(Pattern name, Predicate<String> where) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String source = Files.readString(file);
                if (where.test(source)) {
                    name.matcher(source).results().forEach(match -> names.add(match.group(1)));
                }
            }
        }
        return names;
    }

    private static Map<String, String> settings(Class<?> type) {
        String prefix = type.getAnnotation(ConfigMapping.class).prefix();
        return Arrays.stream(type.getDeclaredMethods()).filter(method -> Modifier.isAbstract(method.getModifiers()))
                .collect(Collectors.toMap(method -> prefix + "." + kebab(method.getName()), DocumentsTest::defaultOf));
    }

    private static String defaultOf(Method method) {
        WithDefault value = method.getAnnotation(WithDefault.class);
        return value == null ? "" : "`" + value.value() + "`";
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> rows() throws IOException {
        return Files.readAllLines(CONFIGURATION).stream().map(ROW::matcher).filter(Matcher::matches)
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2).strip(), (first, second) -> first,
                        LinkedHashMap::new));
    }
}
