package io.coachpay.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

import javax.sql.DataSource;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.ServiceTest;
import io.coachpay.access.Access;

/** A cursor says how far a list was read and when it is due, whatever comes in between. */
@ServiceTest
class CursorsTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration PAUSE = Duration.ofMinutes(10);

    @Inject
    Access access;
    @Inject
    DataSource database;

    private final String account = "acct_" + UUID.randomUUID().toString().replace("-", "");

    @Test
    void isDueUntilItWasListedAndThenInItsRhythm() {
        assertThat(isDue(at(0))).isTrue();
        begins(at(0));
        assertThat(isDue(at(1))).as("nobody has a lease").isTrue();

        ends(at(2));

        assertThat(cursor().listedUntil()).isEqualTo(at(0));
        assertThat(isDue(at(3))).isFalse();
        assertThat(isDue(at(2).plus(Duration.ofHours(1)))).isTrue();
    }

    @Test
    void keepsARequestThatCameAfterTheListingBegan() {
        begins(at(0));
        requests(at(1));
        ends(at(2));
        assertThat(isDue(at(3))).isTrue();

        begins(at(3));
        ends(at(4));

        assertThat(isDue(at(5))).isFalse();
    }

    @Test
    void listsNotBeforeThePauseAfterAFailureWhoeverAsks() {
        begins(at(0));
        fails(true, at(1));
        requests(at(2));
        assertThat(isDue(at(3))).isFalse();
        assertThat(isDue(at(1).plus(PAUSE))).isTrue();

        begins(at(700));
        ends(at(701));

        assertThat(cursor().failure()).isNull();
        assertThat(isDue(at(702))).as("the request was before that").isFalse();
    }

    @Test
    void countsFailuresOfTheAccountsOwnAlone() {
        begins(at(0));
        fails(true, at(1));
        fails(false, at(2));

        assertThat(cursor().failures()).isOne();
        assertThat(OwnerSql.rows("select failed_since = ?::timestamptz as first from stripe_cursors where account = ?",
                at(1).toString(), account).get(0)).containsEntry("first", true);
    }

    @Test
    void resumesWhereItWasCutOffFromItsOwnBeginning() {
        begins(at(0));
        ends(at(1));
        begins(at(2));
        changes(cursors -> cursors.advance(account, "po_1"));
        assertThat(isDue(at(3))).isTrue();

        Cursor resumed = begins(at(4));

        assertThat(resumed.resumeAfter()).isEqualTo("po_1");
        assertThat(resumed.listingFrom()).isEqualTo(at(2));
        ends(at(5));
        assertThat(cursor().listedUntil()).isEqualTo(at(2));
        assertThat(cursor().resumeAfter()).isNull();
    }

    @Test
    void changesNothingWhereAnotherHasEndedTheListing() {
        begins(at(0));
        ends(at(1));
        Cursor ended = cursor();

        changes(cursors -> cursors.advance(account, "po_1"));
        ends(at(2));

        assertThat(cursor()).isEqualTo(ended);
    }

    @Test
    void restsWhatDoesNotMove() {
        begins(at(0));
        ends(at(0));
        Instant later = at(0).plus(Duration.ofDays(3));

        begins(later);
        ends(later);
        assertThat(isDue(later.plus(Duration.ofHours(23)))).isFalse();

        changes(cursors -> cursors.moved(account, later));
        begins(later);
        ends(later);
        assertThat(isDue(later.plus(Duration.ofHours(1)))).isTrue();
    }

    @Test
    void saysHowFarBehindItIs() {
        assertThat(lateness()).isEqualTo(Cursors.Lateness.NONE);
        begins(at(0));
        ends(at(2));
        assertThat(lateness()).isEqualTo(new Cursors.Lateness(at(0), at(2).plus(Duration.ofHours(1)), 0, null));

        begins(at(10));
        fails(true, at(11));
        changes(cursors -> cursors.compared(account));

        assertThat(lateness().failing()).isOne();
        assertThat(lateness().due()).isEqualTo(at(11).plus(PAUSE));
        assertThat(lateness().compared()).isNotNull();
    }

    private Cursors.Lateness lateness() {
        return Objects.requireNonNull(does(cursors -> cursors.lateness("select '%s' as account".formatted(account))));
    }

    private static Instant at(long seconds) {
        return NOW.plusSeconds(seconds);
    }

    private boolean isDue(Instant now) {
        return Objects.requireNonNull(does(cursors -> !cursors
                .due("select ? as account", "false", row -> row.getString("account"), now, 10, account).isEmpty()));
    }

    private Cursor begins(Instant now) {
        return Objects.requireNonNull(does(cursors -> cursors.begin(account, now)));
    }

    private void ends(Instant now) {
        changes(cursors -> cursors.end(account, now));
    }

    private void requests(Instant now) {
        changes(cursors -> cursors.request(account, now));
    }

    private void fails(boolean counts, Instant now) {
        changes(cursors -> cursors.fail(account, "No.", counts, now, now.plus(PAUSE)));
    }

    private Cursor cursor() {
        return Objects.requireNonNull(does(cursors -> cursors.find(account)));
    }

    private void changes(Consumer<Cursors> verb) {
        access.runAsService(() -> verb.accept(new Cursors(database, StripeList.PAYOUTS)));
    }

    private <T> @Nullable T does(Function<Cursors, @Nullable T> verb) {
        return access.asService(() -> verb.apply(new Cursors(database, StripeList.PAYOUTS)));
    }
}
