package io.coachpay.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;

/** Reads {@code src/docs/money.md} strictly: a line that is not understood is an error, so that none goes unchecked. */
final class MoneyDoc {

    private static final Path PAGE = Path.of("src/docs/money.md");
    private static final String RESULT = "⇒";
    private static final Pattern TERMS = Pattern.compile(
            "([A-Z]{3}): (\\S+) an hour, (\\d+) minutes, fee (\\d+) % ⇒ price (\\S+), fee (\\S+), payout (\\S+)");
    private static final Pattern OUTCOME = Pattern.compile(
            "⇒ (?:([A-Z]{3}): )?pending (\\S+), available (\\S+), in transit (\\S+), paid out (\\S+), total earnings (\\S+), "
                    + "platform (\\S+), external ([^, ]+)(?:, fx (\\S+))?");
    private static final Pattern PAYOUT = Pattern.compile("Payout `(po_\\d+)` is made of (.+)");
    private static final Pattern ITEM = Pattern.compile("`(txn_\\d+)` (\\S+)");
    private static final Pattern COLUMN = Pattern.compile("(`[a-z_]+`)(?: ([A-Z]{3}))?");
    private static final Pattern TOLD = Pattern
            .compile("(?:(fee|settled|credits|payout|wallet|debt|tax) )?([^, ]+)(?: ([A-Z]{3}))?");

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

    /** A session's price, and its parts. */
    record Terms(Money rate, int minutes, BigDecimal percentage, Money price, Money fee, Money payout) {
    }

    /** An account in one currency: a column of a story's table. */
    record Column(Account.Kind kind, CurrencyUnit currency) {
    }

    /**
     * One row of a story: a journal with its entries, or, without a journal, the balances by then.
     *
     * @param told the amount that Stripe reports, or the price in credits
     * @param more further figures by their names: a fee, a tax, the settled amount, or what is known about credits
     */
    record Row(@Nullable String journal, String reference, @Nullable Money told, Map<String, Money> more,
            Map<Column, Money> cells) {

        /** A second figure that Stripe reports: a fee, or the settled amount. */
        Money beside() {
            return more.containsKey("fee") ? named("fee") : named("settled");
        }

        Money named(String name) {
            Money figure = more.get(name);
            if (figure == null) {
                throw new IllegalStateException(journal + " " + reference + " does not say its " + name);
            }
            return figure;
        }
    }

    /** The balances at the end, in one currency. */
    record Outcome(Money pending, Money available, Money inTransit, Money paidOut, Money totalEarnings, Money platform,
            Money external, Money fx) {

        CurrencyUnit currency() {
            return external.getCurrencyUnit();
        }
    }

    /**
     * A payout and its parts.
     *
     * @param parts the amount of each balance transaction, by its id
     */
    record Payout(String reference, Map<String, Money> parts) {
    }

    /**
     * One story.
     *
     * @param terms of each price in it; none where no session is paid
     * @param outcomes in the story's currency, and then in each other one of the story
     */
    record Story(String title, List<Terms> terms, List<Row> rows, List<Payout> payouts, List<Outcome> outcomes) {

        CurrencyUnit currency() {
            return outcomes.get(0).currency();
        }

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
        List<Matcher> terms = lines("[A-Z]{3}: ", TERMS, lines);
        List<Matcher> outcomes = lines(RESULT, OUTCOME, lines);
        if (outcomes.isEmpty() || terms.isEmpty() && outcomes.get(0).group(1) == null) {
            throw new IllegalStateException("'" + title + "' lacks its outcome, or its terms");
        }
        String currency = terms.isEmpty() ? outcomes.get(0).group(1) : terms.get(0).group(1);
        List<Payout> payouts = lines("Payout `", PAYOUT, lines).stream().map(line -> payout(line, currency)).toList();
        return new Story(title, terms.stream().map(MoneyDoc::terms).toList(), story(rows(lines), currency), payouts,
                outcomes.stream().map(line -> outcome(line, line.group(1) == null ? currency : line.group(1))).toList());
    }

    private static Terms terms(Matcher line) {
        String currency = line.group(1);
        return new Terms(money(line.group(2), currency), Integer.parseInt(line.group(3)), new BigDecimal(line.group(4)),
                money(line.group(5), currency), money(line.group(6), currency), money(line.group(7), currency));
    }

    private static Outcome outcome(Matcher line, String currency) {
        String fx = line.group(9);
        return new Outcome(money(line.group(2), currency), money(line.group(3), currency), money(line.group(4), currency),
                money(line.group(5), currency), money(line.group(6), currency), money(line.group(7), currency),
                money(line.group(8), currency),
                fx == null ? Money.zero(CurrencyUnit.of(currency)) : money(fx, currency));
    }

    private static Payout payout(Matcher line, String currency) {
        Map<String, Money> parts = new LinkedHashMap<>();
        for (String part : line.group(2).split(", ")) {
            Matcher item = whole(ITEM, part);
            parts.put(item.group(1), money(item.group(2), currency));
        }
        return new Payout(line.group(1), parts);
    }

    private static List<Row> story(List<List<String>> table, String currency) {
        List<Column> columns = table.get(0).stream().skip(3).map(column -> column(whole(COLUMN, column), currency)).toList();
        List<Row> rows = new ArrayList<>();
        for (List<String> cells : table.subList(1, table.size())) {
            Map<Column, Money> amounts = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                if (!cells.get(i + 3).isEmpty()) {
                    amounts.put(columns.get(i), money(cells.get(i + 3), columns.get(i).currency().getCode()));
                }
            }
            rows.add(row(cells, amounts, currency));
        }
        return rows;
    }

    private static Column column(Matcher heading, String currency) {
        return new Column(Account.Kind.valueOf(unquoted(heading.group(1)).toUpperCase(Locale.ROOT)),
                CurrencyUnit.of(heading.group(2) == null ? currency : heading.group(2)));
    }

    private static Row row(List<String> cells, Map<Column, Money> amounts, String currency) {
        if (cells.get(0).equals(RESULT)) {
            return new Row(null, "", null, Map.of(), amounts);
        }
        Map<String, Money> told = new LinkedHashMap<>();
        for (String figure : cells.get(2).split(", ")) {
            Matcher one = whole(TOLD, figure);
            told.put(one.group(1) == null ? "" : one.group(1),
                    money(one.group(2), one.group(3) == null ? currency : one.group(3)));
        }
        return new Row(unquoted(cells.get(0)), unquoted(cells.get(1)), told.remove(""), told, amounts);
    }

    /** The cells of all lines of a table, without the line below its head. */
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

    /** All lines that begin like this, each of which must match. */
    private static List<Matcher> lines(String begin, Pattern pattern, List<String> lines) {
        Pattern like = Pattern.compile(begin);
        return lines.stream().filter(line -> like.matcher(line).lookingAt()).map(line -> whole(pattern, line)).toList();
    }

    private static Matcher whole(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        if (!found.matches()) {
            throw new IllegalStateException("Not understood: " + text);
        }
        return found;
    }

    private static String unquoted(String code) {
        if (!code.matches("`[^`]+`")) {
            throw new IllegalStateException("Not a name in backquotes: " + code);
        }
        return code.substring(1, code.length() - 1);
    }

    private static Money money(String text, String code) {
        StripeCurrency currency = StripeCurrencies.of(code);
        BigDecimal amount = new BigDecimal(text.replace('−', '-'));
        if (amount.scale() != currency.digits()) {
            throw new IllegalStateException(text + " does not have the " + currency.digits() + " digits of its currency");
        }
        return Money.of(currency.unit(), amount);
    }
}
