package io.coachpay.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;

/** One open row for each difference, its age, its cause, and its end. */
@ServiceTest
class FindingsTest {

    private static final Set<Kind> ALL_SEEN = EnumSet.noneOf(Kind.class);

    @Inject
    Undone undone;
    @Inject
    Findings findings;

    private String account;
    private Instant now;

    @Test
    void keepsOneRowWithItsFirstAgeAndItsLatestAmount() {
        story(() -> {
            findings.record(List.of(found(Kind.UNEQUAL, "txn_1", "3", Cause.UNKNOWN, now.minusSeconds(60), null)), now);
            findings.record(List.of(found(Kind.UNEQUAL, "txn_1", "4", Cause.FOREIGN, now.minusSeconds(30), null)),
                    now.plusSeconds(1));

            assertThat(rows()).containsExactly("unequal txn_1 4 foreign 60 open");
        });
    }

    @Test
    void keepsEachSubjectKindAndCurrencyApart() {
        story(() -> {
            Discrepancy one = found(Kind.UNEQUAL, "txn_1", "3", Cause.UNKNOWN, now, null);
            findings.record(List.of(one, one, found(Kind.UNTOLD, "txn_1", "3", Cause.UNKNOWN, now, null),
                    found(Kind.UNEQUAL, "txn_2", "3", Cause.UNKNOWN, now, null), new Discrepancy(Kind.UNEQUAL, account, "txn_1",
                            "EUR", new BigDecimal("3"), null, null, Cause.UNKNOWN, null, now, null),
                    found(Kind.UNREADABLE_BALANCE, "", null, Cause.UNKNOWN, now, null),
                    found(Kind.UNREADABLE_BALANCE, "", null, Cause.UNKNOWN, now, null)), now);

            assertThat(rows()).hasSize(5);
        });
    }

    /** A cause that Stripe has named stays while no later look names another. */
    @Test
    void keepsACauseThatStripeHasNamed() {
        story(() -> {
            Instant before = now.minusSeconds(60);
            findings.record(List.of(found(Kind.UNBOOKED, "txn_1", "3", Cause.FOREIGN, before, now),
                    found(Kind.UNBOOKED, "txn_2", "3", Cause.FOREIGN, before, null),
                    found(Kind.UNBOOKED, "txn_3", "3", Cause.IN_FLIGHT, before, now)), now);

            for (String subject : List.of("txn_1", "txn_2", "txn_3")) {
                findings.record(List.of(found(Kind.UNBOOKED, subject, "3", Cause.UNKNOWN, before, null)), now);
            }

            assertThat(rows()).containsExactly("unbooked txn_1 3 foreign 60 open", "unbooked txn_2 3 unknown 60 open",
                    "unbooked txn_3 3 unknown 60 open");
            assertThat(findings.lookedAt()).containsEntry(new Findings.Key(account, Kind.UNBOOKED, "txn_1"),
                    new Findings.Known(Cause.FOREIGN, now))
                    .doesNotContainKey(new Findings.Key(account, Kind.UNBOOKED, "txn_2"));
        });
    }

    /** Between Stripe's balance and our import some time passes, so only a difference that stays the same counts. */
    @ParameterizedTest
    @EnumSource(names = { "IMPORTED", "RELEASED" })
    void countsADifferenceOfTheImportOnlyOnceItStays(Kind kind) {
        story(() -> {
            Instant later = now.plus(Duration.ofMinutes(20));
            findings.record(List.of(found(kind, "", "3", Cause.IN_FLIGHT, now, null)), now);
            findings.record(List.of(found(kind, "", "4", Cause.IN_FLIGHT, later, null)), later);
            assertThat(rows()).containsExactly(kind.code() + "  4 in_flight -1200 open");

            findings.record(List.of(found(kind, "", "4", Cause.IN_FLIGHT, later.plus(Duration.ofMinutes(10)), null)), later);
            assertThat(rows()).containsExactly(kind.code() + "  4 in_flight -1200 open");
            findings.record(List.of(found(kind, "", "4", Cause.IN_FLIGHT, later.plus(Duration.ofMinutes(16)), null)), later);

            assertThat(rows()).containsExactly(kind.code() + "  4 unknown -1200 open");
        });
    }

    @Test
    void closesWhatIsFoundNoMoreAndOpensItAnew() {
        story(() -> {
            findings.record(List.of(found(Kind.UNEQUAL, "txn_1", "3", Cause.UNKNOWN, now, null),
                    found(Kind.UNEQUAL, "txn_2", "3", Cause.UNKNOWN, now, null)), now);
            Instant next = now.plusSeconds(60);
            findings.record(List.of(found(Kind.UNEQUAL, "txn_2", "3", Cause.UNKNOWN, next, null)), next);

            findings.resolveUnseen(next, ALL_SEEN, Set.of(), next);
            assertThat(rows()).containsExactly("unequal txn_1 3 unknown 0 closed", "unequal txn_2 3 unknown 0 open");
            findings.record(List.of(found(Kind.UNEQUAL, "txn_1", "3", Cause.UNKNOWN, next, null)), next);

            assertThat(rows()).hasSize(3);
        });
    }

    @Test
    void closesNothingOfAKindOfWhichNotAllWereSeen() {
        story(() -> {
            findings.record(List.of(found(Kind.UNEQUAL, "txn_1", "3", Cause.UNKNOWN, now, null),
                    found(Kind.UNTOLD, "txn_1", "3", Cause.UNKNOWN, now, null)), now);

            findings.resolveUnseen(now.plusSeconds(60), EnumSet.of(Kind.UNEQUAL), Set.of(), now.plusSeconds(60));

            assertThat(rows()).containsExactly("unequal txn_1 3 unknown 0 open", "untold txn_1 3 unknown 0 closed");
        });
    }

    /** Only Stripe's balance shows that an import is complete, and a disconnected account has none that we may read. */
    @Test
    void closesADifferenceOfTheImportOnlyOfAnAccountThatWasAsked() {
        story(() -> {
            Instant next = now.plusSeconds(60);
            findings.record(List.of(found(Kind.IMPORTED, "", "3", Cause.UNKNOWN, now, null)), now);
            findings.resolveUnseen(next, ALL_SEEN, Set.of("acct_others"), next);
            assertThat(rows()).singleElement().asString().endsWith(" open");

            findings.resolveUnseen(next, ALL_SEEN, Set.of(account), next);

            assertThat(rows()).singleElement().asString().endsWith(" closed");
        });
        story(() -> {
            findings.record(List.of(found(Kind.IMPORTED, "", "3", Cause.UNKNOWN, now, null)), now);
            undone.run("update stripe_connected_accounts set deauthorized_at = ? where stripe_account_id = ?", now, account);

            findings.resolveUnseen(now.plusSeconds(60), ALL_SEEN, Set.of(), now);

            assertThat(rows()).singleElement().asString().endsWith(" closed");
        });
    }

    /** A note closes a finding about the past for good; a finding that can be mended is found again. */
    @Test
    void findsNothingAgainThatANoteHasClosed() {
        story(() -> {
            Discrepancy past = found(Kind.LATE_PAYMENT, account, null, Cause.UNKNOWN, now, null);
            Discrepancy other = found(Kind.UNEQUAL, account, "3", Cause.UNKNOWN, now, null);
            findings.record(List.of(past, other), now);
            undone.run("update reconciliation_findings set note = 'Known', resolved_at = ? where account = ?", now, account);

            findings.record(List.of(past, other), now.plusSeconds(60));

            assertThat(rows()).containsExactlyInAnyOrder("late_payment " + account + " - unknown 0 closed",
                    "unequal " + account + " 3 unknown 0 closed", "unequal " + account + " 3 unknown 0 open");
        });
    }

    @Test
    void comparesAgainWhatIsOpen() {
        story(() -> {
            UUID kept = UUID.randomUUID();
            findings.record(List.of(found(Kind.UNEQUAL, account + "1", "3", Cause.UNKNOWN, now, null),
                    found(Kind.UNTOLD, account + "2", "3", Cause.UNKNOWN, now, null),
                    found(Kind.KEPT_BALANCE, kept.toString(), "3", Cause.UNKNOWN, now, null),
                    found(Kind.IN_TRANSIT, "", "3", Cause.UNKNOWN, now, null),
                    found(Kind.WAITING_REFUND, account + "3", "3", Cause.UNKNOWN, now, null)), now);
            undone.run("update reconciliation_findings set resolved_at = ? where subject = ?", now, account + "2");

            Suspects suspects = findings.suspects();

            assertThat(suspects.objects()).contains(account + "1").doesNotContain(account + "2", account + "3");
            assertThat(suspects.balances()).contains(kept);
            assertThat(suspects.coaches()).contains(account);
        });
    }

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            account = SoldSession.unpaid(undone).account;
            story.run();
        });
    }

    private Discrepancy found(Kind kind, String subject, @Nullable String amount, Cause cause, Instant since,
            @Nullable Instant lookedAt) {
        return new Discrepancy(kind, account, subject, amount == null ? null : "USD",
                amount == null ? null : new BigDecimal(amount), null, null, cause, null, since, lookedAt);
    }

    /** Kind, subject, amount, cause, seconds of age when the story began, and whether it is open. */
    private List<String> rows() {
        return undone.texts("""
                select kind, subject, amount, cause, extract(epoch from ?::timestamptz - since)::integer,
                       case when resolved_at is null then 'open' else 'closed' end
                  from reconciliation_findings where account = ? order by kind, subject, id""", now, account);
    }
}
