package io.coachpay.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

/** Alerts and the dashboard query metrics that the service publishes, and each alert is explained and shown to work. */
class FiguresTest {

    /** Neither strings nor labels, ranges and lists of labels hold names of metrics. */
    private static final Pattern NO_METRIC = Pattern
            .compile("\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\b(by|on|without|ignoring)\\s*\\([^)]*\\)");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*\\b(?!\\s*\\()");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");
    private static final Pattern JOBS = Pattern.compile("exported_job=~\"([^\"]+)\"");
    private static final Pattern EXPLAINED = Pattern.compile("(?m)^\\| `([A-Z][A-Za-z]+)` \\|");

    /** Metrics that Prometheus, the JVM and Quarkus publish by themselves. */
    private static final Set<String> FOREIGN = Set.of("up", "http_server_requests_seconds", "jvm_memory_used_bytes",
            "jvm_memory_max_bytes");

    @Test
    void alertsAskForFiguresThatAreThere() {
        List<String> expressions = new ArrayList<>();
        rules().forEach(rule -> expressions.add(rule.get("expr").asText()));

        assertThat(expressions).hasSizeGreaterThan(10);
        assertThat(unknown(expressions)).isEmpty();
    }

    @Test
    void alertsAskForJobsThatThereAre() {
        List<String> jobs = JOBS.matcher(Docker.text("prometheus/alerts.yaml")).results()
                .flatMap(match -> Arrays.stream(match.group(1).split("\\|"))).toList();

        assertThat(jobs).isNotEmpty();
        assertThat(Docker.jobs()).containsAll(jobs);
    }

    @Test
    void theDashboardAsksForFiguresThatAreThere() {
        List<String> expressions = Docker.json("grafana/dashboards/coachpay.json").findValuesAsText("expr");

        assertThat(expressions).hasSizeGreaterThan(10);
        assertThat(unknown(expressions)).isEmpty();
    }

    @Test
    void theDashboardAsksTheSourceThatIsProvided() {
        String source = Docker.yaml("grafana/provisioning/datasources/prometheus.yaml").get("datasources").get(0).get("uid")
                .asText();

        assertThat(Docker.json("grafana/dashboards/coachpay.json").findValues("datasource")).isNotEmpty()
                .allMatch(used -> used.get("uid").asText().equals(source));
    }

    @Test
    void everyAlertSaysHowUrgentItIs() {
        assertThat(rules()).allSatisfy(rule -> {
            assertThat(rule.get("labels").get("severity").asText()).as(rule.get("alert").asText()).isIn("page", "ticket");
            assertThat(rule.get("annotations").get("summary").asText()).isNotBlank();
        });
    }

    @Test
    void everyAlertIsShownToFireAndToBeQuiet() {
        Set<String> fire = new TreeSet<>();
        Set<String> quiet = new TreeSet<>();
        for (JsonNode test : Docker.yaml("prometheus/alerts-test.yaml").get("tests")) {
            for (JsonNode expected : test.get("alert_rule_test")) {
                (expected.path("exp_alerts").isEmpty() ? quiet : fire).add(expected.get("alertname").asText());
            }
        }

        assertThat(fire).isEqualTo(alerts());
        assertThat(quiet).isEqualTo(alerts());
    }

    @Test
    void everyAlertIsExplained() {
        String page = Docker.read(Path.of("src/docs/operations.md"));
        String section = page.substring(page.indexOf("\n## Alerts\n") + 1);

        assertThat(EXPLAINED.matcher(section.substring(0, section.indexOf("\n## "))).results().map(row -> row.group(1))
                .collect(Collectors.toSet())).isEqualTo(alerts());
    }

    @Test
    void prometheusLooksAtThePortThatTellsFigures() {
        JsonNode scrape = Docker.yaml("prometheus/prometheus.yaml").get("scrape_configs").get(0);

        assertThat(scrape.get("job_name").asText()).isEqualTo("coachpay");
        assertThat(scrape.get("metrics_path").asText()).isEqualTo("/q/metrics");
        assertThat(scrape.get("static_configs").get(0).get("targets").get(0).asText()).isEqualTo("coachpay:9000");
    }

    private static Set<String> unknown(List<String> expressions) {
        Set<String> published = Docker.metrics();
        published.addAll(FOREIGN);
        return expressions.stream().flatMap(expression -> NAME.matcher(NO_METRIC.matcher(expression).replaceAll(" ")).results())
                .map(name -> name.group()).filter(name -> !WORDS.contains(name))
                // a timer is published as two counters
                .filter(name -> !published.contains(name) && !published.contains(name.replaceFirst("_(count|sum)$", "")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> alerts() {
        return rules().stream().map(rule -> rule.get("alert").asText()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<JsonNode> rules() {
        List<JsonNode> rules = new ArrayList<>();
        Docker.yaml("prometheus/alerts.yaml").get("groups").forEach(group -> group.get("rules").forEach(rules::add));
        return rules;
    }
}
