package io.coachpay;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The owner of each table, and the packages that may name it in SQL and in HQL, which no import shows. A package writes its own
 * tables. It never reads
 * those of packages above, and those of packages below only where it is a read model, or as an exception that says why.
 */
class SqlOwnershipTest {

    private static final Path CODE = Path.of("src/main/java/io/coachpay");
    private static final Path SCHEMA = Path.of("src/main/resources/db");

    /** Each package with its tables and views. */
    private static final Map<String, String> OWNED = Map.ofEntries(
            Map.entry("access", "audit_log"),
            Map.entry("http", "idempotency_keys rate_limit_buckets"),
            Map.entry("job", "scheduled_tasks stripe_cursors"),
            Map.entry("ledger", "ledger_accounts ledger_balances ledger_daily_totals ledger_entries ledger_journals"),
            Map.entry("inbox", "event_marks stripe_events"),
            Map.entry("user", "customer_tax_ids organization_members organizations stripe_customers users"),
            Map.entry("coach", "coach_profiles coaches past_time_zones stripe_connected_accounts"),
            Map.entry("payment",
                    "card_declines checkout_sessions payment_addresses payment_logs payment_method_setups payment_methods "
                            + "payment_transactions transactions"),
            Map.entry("transfer", "fee_refunds transfer_reversals transfer_steps transfers"),
            Map.entry("refund", "refunds"),
            Map.entry("dispute", "disputes"),
            Map.entry("balance", "balance_import_totals balance_imports stripe_balance_transactions unreadable_lines"),
            Map.entry("credit", "balance_transactions credit_adjustments credit_capacity credit_packages user_balances "
                    + "user_credit_purchases wallet_lines"),
            Map.entry("subscription", "billing_portal_configurations subscription_plans subscriptions"),
            Map.entry("invoice", "credit_notes invoice_lines invoice_logs invoice_payments invoices"),
            Map.entry("session", "busy_times sessions"),
            Map.entry("payout", "payout_items payout_listings payout_marks payouts"),
            Map.entry("reconciliation", "adjustments reconciliation_findings reconciliation_runs"));

    /**
     * Tables that only libraries, triggers or nobody yet writes, and those that only the release before does; {@code
     * state_edges} is there for a test. Views for people who ask by SQL are nothing that code reads.
     */
    private static final Set<String> UNNAMED = Set.of("audit_log", "balance_imports", "credit_adjustments", "credit_capacity",
            "event_marks", "ledger_balances", "organization_members", "organizations", "payout_listings", "rate_limit_buckets",
            "scheduled_tasks", "state_edges", "payment_transactions", "user_credit_purchases", "user_balances",
            "balance_transactions");

    /** Packages whose purpose is to read all others' tables. */
    private static final Set<String> READ_MODELS = Set.of("balance", "reconciliation", "reporting");

    /** Other reads of tables below, each group with the reason why the owner is not asked. */
    private static final Map<String, String> EXCEPTIONS = exceptions("""
            # Its own rows are chosen or locked by what their payment is: whose it is, where it went, how far it has come.
            dispute/Dispute.java: transactions
            refund/RefundBooks.java: transactions
            refund/RefundReportBooks.java: transactions
            transfer/TransferRequestBooks.java: transactions
            transfer/TransferSyncJob.java: transactions
            transfer/TransfersUnderWay.java: transactions
            # Its own rows are chosen by whose account at Stripe they are about.
            payout/PayoutFeesAtStripe.java: stripe_connected_accounts
            payout/PayoutListings.java: stripe_connected_accounts
            payout/PayoutsAtStripe.java: stripe_connected_accounts
            transfer/TransferBooks.java: stripe_connected_accounts
            # What there is to move, by the books: sums that have to be read in one statement, under the coach's lock.
            coach/Reconnection.java: ledger_accounts
            credit/PurchaseExpiryJob.java: checkout_sessions transactions
            payout/FeeJournals.java: ledger_journals
            payout/Holdings.java: disputes ledger_accounts ledger_entries ledger_journals refunds sessions transactions \
            transfer_reversals transfer_steps
            payout/Payout.java: coach_profiles
            payout/PayoutCalendar.java: coach_profiles ledger_accounts stripe_connected_accounts
            payout/PayoutItems.java: ledger_accounts ledger_entries ledger_journals transactions
            refund/CoachFunds.java: ledger_accounts ledger_entries ledger_journals stripe_connected_accounts transactions \
            transfer_reversals transfer_steps
            refund/RefundSettlement.java: ledger_accounts ledger_entries ledger_journals transfer_reversals
            payout/Standings.java: transactions
            credit/Capacity.java: checkout_sessions
            credit/CreditBooks.java: checkout_sessions transactions
            credit/CreditPurchase.java: ledger_accounts ledger_entries ledger_journals
            invoice/SubscriptionPayment.java: ledger_accounts ledger_entries ledger_journals
            session/EarnedCredits.java: transactions transfer_steps
            # Whose books have moved is due.
            inbox/EventCursors.java: ledger_accounts
            # Cleans up after http, which jobs stand above.
            job/HousekeepingJob.java: idempotency_keys rate_limit_buckets
            """);

    private static final Pattern SQL = Pattern.compile(
            "\\b(?:select|join|insert into|delete from|lock table|truncate|update [a-zA-Z_]+ (?:[a-z]+ )?set)\\b");
    private static final Pattern NAMED = Pattern.compile(
            "\\b(?<how>from|join|update|into|using|table|truncate)\\s+(?:only\\s+)?(?<name>[A-Za-z_]\\w*)"
                    + "|,\\s*(?:lateral\\s+)?(?<further>[a-z_]+)\\s+(?=[a-z])");
    private static final Pattern INNER = Pattern.compile("\\b([a-z_]+)(?: \\([a-z_, ]+\\))? as (?:materialized )?\\(");
    private static final Pattern ENTITY = Pattern.compile("@Table\\(name = \"([a-z_]+)\"\\)[^{]*?\\bclass (\\w+)");
    private static final Pattern CREATED = Pattern
            .compile("(?m)^create (?:table|(?:or replace )?view) (?:if not exists )?([a-z_]+)");

    /** A table that a file names. */
    private record Use(String file, String table, boolean writes) {

        String reader() {
            return file.contains("/") ? file.substring(0, file.indexOf('/')) : "";
        }
    }

    @Test
    void knowsWhoseEachTableIs() throws IOException {
        Set<String> created = new TreeSet<>();
        for (Path file : files(SCHEMA, ".sql")) {
            CREATED.matcher(Files.readString(file)).results().forEach(table -> created.add(table.group(1)));
        }
        created.remove("state_edges");

        assertThat(owners().keySet()).isEqualTo(created);
        assertThat(StructureTest.LAYERS).containsAll(OWNED.keySet());
        for (Map.Entry<String, String> entity : entities().entrySet()) {
            String table = entity.getValue().split(" ")[0];
            assertThat(entity.getValue().split(" ")[1]).as(entity.getKey()).isEqualTo(owners().get(table));
        }
    }

    @Test
    void seesAllTablesThatAreUsed() throws IOException {
        Set<String> seen = uses().stream().map(Use::table).collect(toCollection(TreeSet::new));
        entities().values().forEach(table -> seen.add(table.split(" ")[0]));
        seen.addAll(UNNAMED);
        seen.remove("state_edges");

        assertThat(seen).isEqualTo(owners().keySet());
        assertThat(uses()).hasSizeGreaterThan(150);
        assertThat(uses().stream().filter(Use::writes).map(Use::table).distinct()).hasSizeGreaterThan(20);
    }

    @Test
    void readsNothingUpward() throws IOException {
        assertThat(uses().stream().filter(use -> layer(owner(use)) > layer(use.reader()))).isEmpty();
    }

    @Test
    void writesItsOwnAlone() throws IOException {
        assertThat(uses().stream().filter(use -> use.writes() && !owner(use).equals(use.reader()))
                .filter(use -> !excepted(use))).isEmpty();
    }

    @Test
    void readsBelowWhereThatIsSaid() throws IOException {
        Map<String, Set<String>> below = new TreeMap<>();
        for (Use use : uses()) {
            if (!owner(use).equals(use.reader()) && !READ_MODELS.contains(use.reader())) {
                below.computeIfAbsent(use.file(), any -> new TreeSet<>()).add(use.table());
            }
        }

        assertThat(below.entrySet().stream().map(file -> file.getKey() + ": " + String.join(" ", file.getValue())))
                .containsExactlyInAnyOrderElementsOf(EXCEPTIONS.entrySet().stream()
                        .map(file -> file.getKey() + ": " + file.getValue()).collect(Collectors.toList()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "\"select id from sessions where id = ?1\" | sessions",
            "\"delete from \" + \"refunds\" | refunds w", "\"update payouts p set amount = 1\" | payouts w",
            "\"insert into disputes (id) select id from refunds\" | disputes w, refunds",
            "\"id in (select t.id from Transaction t)\" | transactions", "\"lock table users\" | users w",
            "\"select from (select * from transfers) as payouts join payouts on true\" | transfers, payouts",
            "\"with payouts as (select 1) select * from payouts, refunds r\" | refunds",
            "/* \"select from users\" */ | ''", "// \"select from users\" | ''", "\"Where money from refunds goes\" | ''",
            "\"select id from refunds for update\" | refunds" })
    void readsStrings(String code, String found) throws IOException {
        Map<String, String> entities = entities();

        assertThat(named("a/B.java", code, entities).stream().map(use -> use.table() + (use.writes() ? " w" : "")))
                .containsExactlyInAnyOrder(found.isEmpty() ? new String[0] : found.split(", "));
    }

    private static Map<String, String> exceptions(String listed) {
        return listed.lines().filter(line -> !line.startsWith("#")).map(line -> line.split(": "))
                .collect(Collectors.toMap(line -> line[0], line -> line[1]));
    }

    private static boolean excepted(Use use) {
        return List.of(EXCEPTIONS.getOrDefault(use.file(), "").split(" ")).contains(use.table());
    }

    private static int layer(String name) {
        return name.isEmpty() ? Integer.MAX_VALUE : StructureTest.LAYERS.indexOf(name);
    }

    private static String owner(Use use) {
        return String.valueOf(owners().get(use.table()));
    }

    private static Map<String, String> owners() {
        Map<String, String> owners = new TreeMap<>();
        OWNED.forEach((owner, tables) -> Stream.of(tables.split(" ")).forEach(table -> owners.put(table, owner)));
        return owners;
    }

    /** Each entity's name with its table and package. */
    private static Map<String, String> entities() throws IOException {
        Map<String, String> entities = new TreeMap<>();
        for (Path file : files(CODE, ".java")) {
            ENTITY.matcher(Files.readString(file)).results()
                    .forEach(entity -> entities.put(entity.group(2), entity.group(1) + " " + CODE.relativize(file).getName(0)));
        }
        return entities;
    }

    private static Set<Use> uses() throws IOException {
        Map<String, String> entities = entities();
        Set<Use> uses = new LinkedHashSet<>();
        for (Path file : files(CODE, ".java")) {
            String name = CODE.relativize(file).toString().replace('\\', '/');
            if (!name.startsWith("sandbox/")) {
                uses.addAll(named(name, Files.readString(file), entities));
            }
        }
        return uses;
    }

    /** The tables that the strings of a file name, without those that a string defines itself. */
    private static Set<Use> named(String file, String code, Map<String, String> entities) {
        Set<Use> uses = new LinkedHashSet<>();
        for (SourceText text : SourceText.of(code)) {
            String sql = text.text();
            if (!SQL.matcher(sql).find()) {
                continue;
            }
            Set<String> inner = INNER.matcher(sql).results().map(each -> each.group(1)).collect(Collectors.toSet());
            Matcher named = NAMED.matcher(sql);
            while (named.find()) {
                String name = named.group("name") == null ? named.group("further") : named.group("name");
                String table = entities.containsKey(name) ? entities.get(name).split(" ")[0] : name;
                assertThat(Character.isUpperCase(name.charAt(0)) && !entities.containsKey(name))
                        .as(file + " names " + name + ", which is no entity").isFalse();
                if (owners().containsKey(table) && !inner.contains(name)) {
                    uses.add(new Use(file, table, writes(sql, named)));
                }
            }
        }
        return uses;
    }

    private static boolean writes(String sql, Matcher named) {
        String how = named.group("how");
        boolean deletes = "from".equals(how) && sql.substring(0, named.start()).endsWith("delete ");
        return deletes || Set.of("update", "into", "table", "truncate").contains(String.valueOf(how));
    }

    private static List<Path> files(Path under, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(under)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }
}
