package io.coachpay.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;

/** {@code src/docs/money.md}, read strictly: what is not understood is an error, so that no line goes unchecked. */
final class MoneyDoc {

    private static final Path PAGE = Path.of("src/docs/money.md");
    private static final String RESULT = "⇒";
    private static final Pattern TERMS = Pattern.compile(
            "([A-Z]{3}): (\\S+) an hour, (\\d+) minutes, fee (\\d+) % ⇒ price (\\S+), fee (\\S+), payout (\\S+)");
    private static final Pattern OUTCOME = Pattern.compile(
            "⇒ pending (\\S+), available (\\S+), total earnings (\\S+), platform (\\S+), external (\\S+)");

    private final Map<String, List<String>> sections = new LinkedHashMap<>();

    private MoneyDoc(List<String> lines) {
        List<String> section = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("#")) {
                section = new ArrayList<>();
                sections.put(line.replaceFirst("^#+ ", ""), section);
            } else if (!line.isBlank()) {
                section.add(line);
            }
        }
    }

    static MoneyDoc read() {
        try {
            return new MoneyDoc(Files.readAllLines(PAGE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a session costs and who gets what of it. */
    record Terms(Money rate, int minutes, BigDecimal percentage, Money price, Money fee, Money payout) {
    }

    /**
     * One row of a story: a journal with its entries, or, without a journal, what the accounts hold by then.
     *
     * @param told the amount that Stripe tells
     * @param fee the fee it tells beside it
     */
    record Row(@Nullable String journal, String reference, @Nullable Money told, @Nullable Money fee,
            Map<Account.Kind, Money> cells) {
    }

    /** What is left in the end. */
    record Outcome(Money pending, Money available, Money totalEarnings, Money platform, Money external) {
    }

    /** One story. */
    record Story(String title, Terms terms, List<Row> rows, Outcome outcome) {
        @Override
        public String toString() {
            return title;
        }
    }

    /** The first and the second column of a section's only table, by the first. */
    Map<String, String> table(String title) {
        Map<String, String> rows = new LinkedHashMap<>();
        for (List<String> row : rows(section(title)).subList(1, rows(section(title)).size())) {
            rows.put(unquoted(row.get(0)), row.get(1));
        }
        return rows;
    }

    List<Story> stories() {
        List<String> titles = new ArrayList<>(sections.keySet());
        return titles.subList(titles.indexOf("The stories") + 1, titles.size()).stream().map(this::story).toList();
    }

    private List<String> section(String title) {
        List<String> section = sections.get(title);
        if (section == null) {
            throw new IllegalStateException("There is no section " + title);
        }
        return section;
    }

    private Story story(String title) {
        List<String> lines = section(title);
        Matcher terms = only(TERMS, lines, title);
        StripeCurrency currency = StripeCurrencies.of(terms.group(1));
        Matcher outcome = only(OUTCOME, lines, title);
        return new Story(title,
                new Terms(money(terms.group(2), currency), Integer.parseInt(terms.group(3)), new BigDecimal(terms.group(4)),
                        money(terms.group(5), currency), money(terms.group(6), currency), money(terms.group(7), currency)),
                story(rows(lines), currency),
                new Outcome(money(outcome.group(1), currency), money(outcome.group(2), currency),
                        money(outcome.group(3), currency), money(outcome.group(4), currency),
                        money(outcome.group(5), currency)));
    }

    private static List<Row> story(List<List<String>> table, StripeCurrency currency) {
        List<Account.Kind> columns = table.get(0).stream().skip(3)
                .map(column -> Account.Kind.valueOf(unquoted(column).toUpperCase(Locale.ROOT))).toList();
        List<Row> rows = new ArrayList<>();
        for (List<String> cells : table.subList(1, table.size())) {
            Map<Account.Kind, Money> amounts = new EnumMap<>(Account.Kind.class);
            for (int i = 0; i < columns.size(); i++) {
                if (!cells.get(i + 3).isEmpty()) {
                    amounts.put(columns.get(i), money(cells.get(i + 3), currency));
                }
            }
            String[] told = cells.get(2).split(", fee ", 2);
            rows.add(cells.get(0).equals(RESULT) ? new Row(null, "", null, null, amounts)
                    : new Row(unquoted(cells.get(0)), unquoted(cells.get(1)), money(told[0], currency),
                            told.length == 2 ? money(told[1], currency) : null, amounts));
        }
        return rows;
    }

    /** The cells of all lines that belong to a table, without the one that only rules off its head. */
    private static List<List<String>> rows(List<String> lines) {
        List<List<String>> rows = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("|") && !line.startsWith("|---")) {
                String[] cells = line.substring(1, line.length() - 1).split("\\|", -1);
                rows.add(List.of(cells).stream().map(String::strip).toList());
            }
        }
        if (rows.stream().anyMatch(row -> row.size() != rows.get(0).size())) {
            throw new IllegalStateException("The rows of a table have different lengths: " + rows);
        }
        return rows;
    }

    private static Matcher only(Pattern pattern, List<String> lines, String title) {
        List<Matcher> found = lines.stream().map(pattern::matcher).filter(Matcher::matches).toList();
        if (found.size() != 1) {
            throw new IllegalStateException("'" + title + "' has " + found.size() + " lines like " + pattern);
        }
        return found.get(0);
    }

    private static String unquoted(String code) {
        if (!code.matches("`[^`]+`")) {
            throw new IllegalStateException("Not a name in backquotes: " + code);
        }
        return code.substring(1, code.length() - 1);
    }

    private static Money money(String text, StripeCurrency currency) {
        BigDecimal amount = new BigDecimal(text.replace('−', '-'));
        if (amount.scale() != currency.digits()) {
            throw new IllegalStateException(text + " does not have the " + currency.digits() + " digits of its currency");
        }
        return Money.of(currency.unit(), amount);
    }
}
