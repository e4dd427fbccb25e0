package io.coachpay.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page with gaps: <code>{{name}}</code> is filled with escaped text, <code>{{{name}}}</code> with the sandbox's markup. */
final class Template {

    private static final Pattern GAP = Pattern.compile("\\{\\{\\{(\\w+)\\}\\}\\}|\\{\\{(\\w+)\\}\\}");
    private static final Template LAYOUT = new Template("layout.html");

    private final String text;

    Template(String name) {
        try (InputStream resource = Template.class.getResourceAsStream("/sandbox/" + name)) {
            if (resource == null) {
                throw new IllegalStateException("The sandbox's page " + name + " is missing");
            }
            text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The whole page, within the layout that marks it as the sandbox's. */
    String page(String title, Map<String, String> values) {
        return LAYOUT.fill(Map.of("title", title, "body", fill(values)));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'",
                "&#39;");
    }

    private String fill(Map<String, String> values) {
        return GAP.matcher(text).replaceAll(gap -> {
            String raw = gap.group(1);
            return Matcher.quoteReplacement(raw != null ? values.getOrDefault(raw, "")
                    : escape(values.getOrDefault(gap.group(2), "")));
        });
    }
}
