package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.Json;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.StripeSandbox;

/** Compares our books with Stripe's at the end of every story. */
final class Books {

    private Books() {
    }

    /**
     * Ends a story: this coach's accounts and the platform's are what Stripe's side says, each payout is made of its items, and
     * a run finds nothing about the coach and the coach's payments.
     *
     * @param expected the kinds of findings that stay, because the story is about them
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

    /** A failed payout holds no line any more. */
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

    /** Findings about a coach's account, about its payments, and in our own books. */
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
        String account = Json.read(coach.gets("/v1/me/connected-account").extract().asString()).path("stripeAccountId")
                .textValue();
        Map<String, BigDecimal> ours = query("""
                select currency, kind, balance from ledger_accounts where owner_id = '%s' and balance <> 0"""
                .formatted(coach.id()));
        Map<String, BigDecimal> theirs = stripe(account);
        assertThat(ours.keySet()).isEqualTo(theirs.keySet());
        ours.forEach((figure, amount) -> assertThat(amount).as(figure).isEqualByComparingTo(theirs.get(figure)));
    }

    /** The platform's revenue less its costs and its bank's money is what Stripe's side says it has. */
    static void agreeForPlatform(String currency) {
        BigDecimal ours = query(
                """
                        select 'P' as figure, '' as of, coalesce(sum(e.amount), 0) as amount from ledger_entries e join ledger_accounts a on a.id = e.account_id
                         where a.kind not like 'coach%%' and a.kind not in ('external', 'fx') and a.currency = '%s'"""
                        .formatted(currency))
                .get("P");
        BigDecimal theirs = BigDecimal.ZERO;
        for (JsonNode balance : balances(StripeSandbox.books(), "platform")) {
            if (currency(balance).equals(currency)) {
                theirs = decimal(balance.required("net"));
            }
        }
        assertThat(ours).as("platform " + currency).isEqualByComparingTo(theirs);
    }

    private static Map<String, BigDecimal> stripe(@Nullable String account) {
        JsonNode books = StripeSandbox.books();
        assertThat(books.required("check")).allSatisfy(check -> assertThat(decimal(check.required("sum"))).isZero());
        Map<String, BigDecimal> figures = new HashMap<>();
        for (JsonNode balance : balances(books, account)) {
            put(figures, currency(balance) + "coach_pending", balance.required("pending"));
            put(figures, currency(balance) + "coach_available", balance.required("available"));
            put(figures, currency(balance) + "coach_in_transit", balance.required("inTransit"));
            put(figures, currency(balance) + "coach_paid_out", balance.required("paidOut"));
        }
        return figures;
    }

    /** An account's balances; none where the account has never had any. */
    private static Iterable<JsonNode> balances(JsonNode books, @Nullable String account) {
        for (JsonNode one : books.required("accounts")) {
            if (one.required("account").textValue().equals(account)) {
                return one.required("balances");
            }
        }
        return List.of();
    }

    private static String currency(JsonNode balance) {
        return balance.required("currency").textValue().toUpperCase(Locale.ROOT);
    }

    private static BigDecimal decimal(JsonNode amount) {
        return new BigDecimal(amount.asText());
    }

    private static void put(Map<String, BigDecimal> figures, String figure, JsonNode amount) {
        BigDecimal value = decimal(amount);
        if (value.signum() != 0) {
            figures.put(figure, value);
        }
    }

    /** The number of journals of this kind for payments of this session. */
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
