package io.coachpay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Plain English in comments, texts of the API, problem titles, log lines and documents: no phrase that has a better one, no
 * Javadoc that opens with a question word, no database transaction that could be taken for a payment. The rules are in
 * CONTRIBUTING.
 */
class ProseTest {

    /** Changesets keep their words: by another comment a released one would be another changeset. */
    private static final Set<String> KEPT = Set.of("db/rules", "db/tables");

    /** Phrases, in any case, and what to write instead. */
    private static final Map<String, String> INSTEAD = Map.ofEntries(
            Map.entry("who(so)?(m|se)?ever", "name the actor: a caller that, the worker that"),
            Map.entry("the own", "their own, its own"),
            Map.entry("(told|tells?) (late|of)", "arrives late, reports, is about"),
            Map.entry("(go|goes|gone|going|went) on with", "resume, continue"),
            Map.entry("(put|puts|putting) off", "postpone"),
            Map.entry("(make|makes|made|making) up for", "recover"),
            Map.entry("(come|comes|coming|came) round", "is due again"),
            Map.entry("as (it|they) stands?", "unchanged, as it is"),
            Map.entry("the so-manieth|so-manieth", "the nth"),
            Map.entry("oftener", "more often"),
            Map.entry("anew", "again"),
            Map.entry("reckon(s|ed|ing)?", "compute, estimate"),
            Map.entry("dealt with", "closed, handled"),
            Map.entry("(?<!there )(is|are|was) none", "is not one"));

    private static final Pattern BANNED = phrase(String.join("|", INSTEAD.keySet()));
    /** A database transaction that could be taken for a payment. */
    private static final Pattern TRANSACTION = phrase(
            "(inside|outside|outside of|in|within|joins|opens|begins|ends) (a|the|one|its|each|every|the same|a new|an own) transaction"
                    + "|(no transaction (is|may be)|(an open|a short|a new) transaction)|(?<!database )transaction (is|was) (open|left)"
                    + "|(?<!database )transactions? (begins?|began)(?!\\()");
    private static final Pattern QUESTION = Pattern
            .compile("/\\*\\*[\\s*]*(?:What|Who|Whom|Whose|Whoever|Where|How|Which)\\b[^.:;]*");
    private static final Pattern FOLDED = Pattern.compile("\\s*\\n\\s*(?:\\*|//|--)?\\s*");

    private static final List<Path> SOURCES = List.of(Path.of("src/main/java/io/coachpay"), Path.of("src/dev/java/io/coachpay"),
            Path.of("src/test/java/io/coachpay"));

    /** Phrases by the package, folder or page that they stand in. */
    private static final Map<String, List<String>> OFFENCES = new TreeMap<>();

    @BeforeAll
    static void readsEverything() throws IOException {
        for (Path source : SOURCES) {
            collect(source, ".java",
                    file -> source.equals(file.getParent()) ? "(root)" : source.relativize(file).getName(0) + "");
        }
        for (String folder : List.of("policies", "rules", "tables")) {
            collect(Path.of("src/main/resources/db", folder), ".sql", file -> "db/" + folder);
        }
        add(Path.of("src/main/resources/db/roles.sql"), "db/roles.sql");
        Path docs = Path.of("src/docs");
        collect(docs, ".md", file -> docs.relativize(file).getName(0).toString());
        add(Path.of("README.md"), "README.md");
        add(Path.of("CONTRIBUTING.md"), "CONTRIBUTING.md");
    }

    @Test
    void writesPlainEnglish() {
        Map<String, List<String>> offences = new TreeMap<>(OFFENCES);
        offences.keySet().removeAll(KEPT);

        assertThat(offences).isEmpty();
    }

    @Test
    void knowsWhatIsNotPlain() {
        assertThat(in("/** Asks for whoever\n     * is gone\n     * on with it. */")).hasSize(2);
        assertThat(in("/** What is left. */")).hasSize(1);
        assertThat(in("// as they\n        // stand")).hasSize(1);
        assertThat(in("// Nothing may be open: in one transaction, or in a balance transaction")).hasSize(1);
        assertThat(in("/** Returns the rest, in one database transaction. */")).isEmpty();
    }

    private interface Unit {

        String of(Path file);
    }

    private static void collect(Path root, String extension, Unit unit) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(path -> path.toString().endsWith(extension)).sorted().toList()) {
                if (!file.endsWith("ProseTest.java")) {
                    add(file, unit.of(file));
                }
            }
        }
    }

    private static void add(Path file, String unit) throws IOException {
        for (String offence : in(Files.readString(file))) {
            OFFENCES.computeIfAbsent(unit, any -> new ArrayList<>()).add(file + ": " + offence);
        }
    }

    private static List<String> in(String text) {
        List<String> found = new ArrayList<>();
        QUESTION.matcher(text).results().forEach(match -> found.add("opens with a question word: " + match.group()));
        String line = FOLDED.matcher(text).replaceAll(" ");
        BANNED.matcher(line).results().map(MatchResult::group)
                .forEach(words -> found.add("\"" + words + "\": " + instead(words)));
        TRANSACTION.matcher(line).results().forEach(match -> found.add("\"" + match.group() + "\": a database transaction?"));
        return found;
    }

    private static String instead(String words) {
        return INSTEAD.entrySet().stream().filter(entry -> phrase(entry.getKey()).matcher(words).matches())
                .map(Map.Entry::getValue).findFirst().orElseThrow();
    }

    private static Pattern phrase(String words) {
        return Pattern.compile("\\b(?:" + words + ")\\b", Pattern.CASE_INSENSITIVE);
    }
}
