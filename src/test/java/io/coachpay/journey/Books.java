package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.StripeSandbox;
import io.restassured.path.json.JsonPath;

/** Our books beside Stripe's: what every story ends with. */
final class Books {

    private Books() {
    }

    /**
     * Ends a story: this coach's accounts and the platform's are what Stripe's side says, each payout is made of its items, and
     * a run finds nothing about the coach and the coach's payments.
     *
     * @param expected the kinds of what is still found, because the story is about that
     */
    static void closeFor(Person coach, String... expected) {
        soon().untilAsserted(() -> agreeFor(coach));
        payoutsAddUp(coach);
        soon().untilAsserted(() -> {
            Findings.reconcile();
            assertThat(open(coach)).containsExactlyInAnyOrder(expected);
            texts("select distinct currency from ledger_accounts where owner_id = '" + coach.id() + "'")
                    .forEach(Books::agreeForPlatform);
        });
    }

    /** One that came to nothing holds no line any more. */
    private static void payoutsAddUp(Person coach) {
        List<Map<String, Object>> payouts = OwnerSql.rows(
                """
                        select p.id, p.amount, p.status in ('refused', 'failed', 'canceled') as over,
                               coalesce((select sum(i.amount) from payout_items i where i.payout_id = p.id and i.released_at is null), 0) as items
                          from payouts p where p.user_id = ?::uuid""",
                coach.id());
        assertThat(payouts).allSatisfy(payout -> assertThat((BigDecimal) payout.get("items")).as("payout " + payout.get("id"))
                .isEqualByComparingTo((boolean) payout.get("over") ? BigDecimal.ZERO : (BigDecimal) payout.get("amount")));
    }

    /** What runs have found about a coach's account, about its payments, and in our own books. */
    private static List<String> open(Person coach) {
        return OwnerSql
                .rows("""
                        select f.kind from reconciliation_findings f
                         where f.resolved_at is null
                           and (f.account in ('ledger', (select stripe_account_id from stripe_connected_accounts where user_id = ?::uuid))
                                or f.transaction_id in (select id from transactions where coach_id = ?::uuid))""",
                        coach.id(),
                        coach.id())
                .stream().map(row -> row.get("kind").toString()).toList();
    }

    /** All entries sum to zero in each currency, and this coach's accounts are what Stripe's side says. */
    private static void agreeFor(Person coach) {
        Map<String, BigDecimal> sums = query("select currency, '', sum(amount) from ledger_entries group by currency");
        assertThat(sums.values()).allSatisfy(sum -> assertThat(sum).isZero());
        String account = coach.gets("/v1/me/connected-account").extract().path("stripeAccountId");
        Map<String, BigDecimal> ours = query("""
                select currency, kind, balance from ledger_accounts where owner_id = '%s' and balance <> 0"""
                .formatted(coach.id()));
        Map<String, BigDecimal> theirs = stripe(account);
        assertThat(ours.keySet()).isEqualTo(theirs.keySet());
        ours.forEach((figure, amount) -> assertThat(amount).as(figure).isEqualByComparingTo(theirs.get(figure)));
    }

    /** What the platform has earned and owes, less what it cost and what its bank holds, is what Stripe's side says it has. */
    private static void agreeForPlatform(String currency) {
        BigDecimal ours = query(
                """
                        select 'P' as figure, '' as of, coalesce(sum(e.amount), 0) as amount from ledger_entries e join ledger_accounts a on a.id = e.account_id
                         where a.kind not like 'coach%%' and a.kind not in ('external', 'fx') and a.currency = '%s'"""
                        .formatted(currency))
                .get("P");
        Object theirs = StripeSandbox.books().param("currency", currency)
                .get("accounts.find { it.account == 'platform' }.balances.find { it.currency.toUpperCase() == currency }.net");
        assertThat(ours).as("platform " + currency).isEqualByComparingTo(theirs == null ? "0" : theirs.toString());
    }

    private static Map<String, BigDecimal> stripe(String account) {
        JsonPath books = StripeSandbox.books();
        assertThat(books.getList("check.sum", String.class)).allSatisfy(sum -> assertThat(new BigDecimal(sum)).isZero());
        Map<String, BigDecimal> figures = new HashMap<>();
        List<Map<String, Object>> balances = books.param("account", account)
                .getList("accounts.find { it.account == account }.balances");
        for (Map<String, Object> balance : balances == null ? List.<Map<String, Object>> of() : balances) {
            String currency = balance.get("currency").toString().toUpperCase(Locale.ROOT);
            put(figures, currency + "coach_pending", balance.get("pending"));
            put(figures, currency + "coach_available", balance.get("available"));
            put(figures, currency + "coach_in_transit", balance.get("inTransit"));
            put(figures, currency + "coach_paid_out", balance.get("paidOut"));
        }
        return figures;
    }

    private static void put(Map<String, BigDecimal> figures, String figure, Object amount) {
        BigDecimal value = new BigDecimal(amount.toString());
        if (value.signum() != 0) {
            figures.put(figure, value);
        }
    }

    /** How many journals of this kind belong to a payment of this session. */
    static long journals(String session, String kind) {
        return query("""
                select j.kind, '', count(*) from ledger_journals j join transactions t on t.id = j.transaction_id
                 where t.session_id = '%s' and j.kind = '%s' group by j.kind""".formatted(session, kind)).values().stream()
                .findFirst().map(BigDecimal::longValue).orElse(0L);
    }

    /** One text out of each row, read as the database's owner. */
    static List<String> texts(String sql) {
        return OwnerSql.rows(sql).stream().map(row -> String.valueOf(row.values().iterator().next())).toList();
    }

    /** Changes the database as its owner, to set a scene that no request can. */
    static void set(String sql) {
        OwnerSql.run(sql);
    }

    /** Figures by the names that their first two columns make. */
    private static Map<String, BigDecimal> query(String sql) {
        Map<String, BigDecimal> figures = new HashMap<>();
        OwnerSql.rows(sql).forEach(row -> {
            Object[] columns = row.values().toArray();
            figures.put(columns[0].toString() + columns[1], new BigDecimal(columns[2].toString()));
        });
        return figures;
    }
}
