package io.coachpay.simulation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.coachpay.OwnerSql;
import io.coachpay.money.StripeCurrencies;
import io.vertx.core.json.JsonObject;

/** The end of a story: nothing goes wrong any more, time passes, and jobs do their work, until nothing changes. */
final class Settling {

    /** Holds end, then failed events have their turn, then funds become available; then some days for the consequences. */
    private static final List<Duration> PASSES = List.of(Duration.ofMinutes(45), Duration.ofHours(7), Duration.ofDays(3));
    private static final Duration ANOTHER_DAY = Duration.ofHours(25);
    private static final int MOST_ROUNDS = 20;
    private static final String OWED = """
            select lower(w.currency) as currency, sum(w.amount) as amount from (
              select transaction_id, currency, amount from transfer_steps where status = 'waiting_for_funds'
              union all
              select transaction_id, currency, amount from refunds
               where status = 'requested' and failure_code like '%balance_insufficient'
                  or status = 'pending' and pending_reason = 'insufficient_funds') as w
              join transactions t on t.id = w.transaction_id
             where ?::uuid[] && array[t.coach_id, t.payer_id] group by w.currency""";

    /**
     * The coach's part of the amount not refunded, as far as the coach lacks it and the platform holds it of the failed refund.
     */
    private static final String UNREPAID = """
            select r.id::text as id, t.id::text as payment, r.currency,
                   greatest(0, least(taken.amount, held.amount,
                            t.coach_payout * (t.amount - t.refunded_amount) / t.amount - has.amount)) as amount
              from refunds r join transactions t on t.id = r.transaction_id
             cross join lateral (select sum(v.amount) as amount from transfer_reversals v where v.refund_id = r.id) as taken
             cross join lateral (select coalesce(sum(e.amount) filter (where a.kind like 'coach%'), 0) as amount
                                   from ledger_journals j join ledger_entries e on e.journal_id = j.id
                                   join ledger_accounts a on a.id = e.account_id where j.transaction_id = t.id) as has
             cross join lateral (select coalesce(sum(e.amount) filter (where a.kind = 'refund_clearing'), 0) as amount
                                   from ledger_journals j join ledger_entries e on e.journal_id = j.id
                                   join ledger_accounts a on a.id = e.account_id where j.transaction_id = t.id) as held
             where t.coach_id = any (?::uuid[]) and r.status in ('failed', 'canceled') and r.repaid is null and r.check_at is null
               and taken.amount > 0 and not exists (select from transfer_steps s where s.transaction_id = t.id
                                                       and s.status in ('requested', 'waiting_for_funds'))
             order by r.id""";

    private Settling() {
    }

    /**
     * Lets the story come to rest.
     *
     * @param faults that last; none unless a defect is being looked for
     * @throws IllegalStateException when it does not
     */
    static void settle(Stage stage, JsonObject faults) {
        stage.faults(faults);
        for (int coach = 0; coach < stage.howManyCoaches(); coach++) {
            PayoutActions.putBankInOrder(stage, coach);
        }
        PayingActions.intents(stage, "processing")
                .forEach(intent -> stage.control("/sandbox/payment_intents/" + intent + "/succeed", Map.of()));
        for (int coach = 0; coach < stage.howManyCoaches(); coach++) {
            CoachActions.comeBack(stage, coach);
        }
        stage.quiet();
        PeopleActions.everybodyCanPay(stage);
        Map<String, List<String>> before = Map.of();
        List<String> changing = List.of();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            stage.pass(round < PASSES.size() ? PASSES.get(round) : ANOTHER_DAY);
            stage.quiet();
            if (round == PASSES.size() - 1) {
                PayoutActions.askAtOnce(stage, 0);
                stage.faults(faults);
            }
            addFunds(stage);
            StripeActions.book(stage);
            repay(stage);
            List<String> failed = stage.jobs().stream().map(stage::run).filter(told -> told.contains(Stage.FAILED)).toList();
            stage.quiet();
            if (round < PASSES.size() - 1) {
                continue;
            }
            Map<String, List<String>> now = StoryRows.of(stage.people());
            changing = StoryRows.changes(before, now);
            changing.addAll(LedgerChecks.unhandled(stage.began()));
            if (faults.isEmpty()) {
                changing.addAll(failed);
            }
            if (changing.isEmpty()) {
                return;
            }
            before = now;
        }
        throw new IllegalStateException("It does not come to rest: " + String.join("\n      ", changing));
    }

    /** Tops up the platform's balance when it owes coaches or payers more than it has. */
    private static void addFunds(Stage stage) {
        for (Map<String, Object> owed : OwnerSql.rows(OWED, stage.people())) {
            String currency = owed.get("currency").toString();
            long missing = Stage.units((BigDecimal) owed.get("amount"), currency)
                    - Math.min(0, stage.available(currency));
            String topUp = stage.stripe("/v1/topups", "amount=%d&currency=%s".formatted(missing / 10 * 10 + 1000, currency))
                    .text("id");
            stage.control("/sandbox/topups/" + topUp + "/succeed", Map.of());
        }
    }

    /** An administrator decides what coaches get back of failed refunds; each decision changes the next one. */
    private static void repay(Stage stage) {
        Set<String> payments = new HashSet<>();
        for (Map<String, Object> refund : OwnerSql.rows(UNREPAID, stage.people())) {
            if (!payments.add(refund.get("payment").toString())) {
                continue;
            }
            String currency = refund.get("currency").toString();
            BigDecimal unit = StripeCurrencies.of(currency).chargeUnit().getAmount();
            BigDecimal amount = ((BigDecimal) refund.get("amount")).divide(unit, 0, RoundingMode.DOWN).multiply(unit);
            stage.admin().post("/v1/admin/refunds/" + refund.get("id") + "/repay",
                    Map.of("toCoach", Map.of("amount", amount.toPlainString(), "currency", currency), "reason", "It failed"));
        }
    }
}
