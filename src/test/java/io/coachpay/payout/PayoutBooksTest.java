package io.coachpay.payout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.inbox.MissingParent;
import io.coachpay.journey.Marketplace;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.stripe.StripePayout;
import io.coachpay.stripe.StripePayout.Status;

/** Reports of Stripe about payouts that its sandbox does not make: in euros, which no other story here uses. */
@ServiceTest
class PayoutBooksTest {

    /** The tests' clock, so that no day of arrival has come yet. */
    private final Instant at = StripeSandbox.now().truncatedTo(ChronoUnit.SECONDS);

    @Inject
    PayoutBooks payouts;

    @Inject
    Ledger ledger;

    @Inject
    Access access;

    private UUID coach;
    private String account;
    private String payout;

    @BeforeEach
    void hireACoach() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        coach = UUID.fromString(carol.id());
        account = carol.gets("/v1/me/connected-account").extract().path("stripeAccountId");
        payout = "po_" + UUID.randomUUID().toString().replace("-", "");
    }

    @Test
    void findsLinesLaterForWhatWasPaidOutBeforeItWasBooked() {
        available("30.00");
        told("100.00", Status.PENDING);
        assertThat(rows()).containsExactly("100 70 pending");
        assertThat(items()).containsExactly("30");

        available("50.00");
        available("90.00");
        access.runAsService(() -> payouts.allocateRest(coach));

        assertThat(rows()).containsExactly("100 0 pending");
        assertThat(items()).containsExactly("30", "50", "20");
        assertThat(balances()).isEqualTo("coach_available 70, coach_in_transit 100");
    }

    @Test
    void coversRefundsWithWhatStripeFetchesFromTheBank() {
        available("-80.00");

        told("-80.00", Status.PAID);

        assertThat(rows()).containsExactly("-80 0 paid");
        assertThat(items()).containsExactly("-80");
        assertThat(balances()).isEqualTo("coach_available 0, coach_in_transit 0, coach_paid_out -80");
    }

    @Test
    void owesAgainWhenTheBankDoesNotLetStripeFetchIt() {
        available("-80.00");
        told("-80.00", Status.PENDING);

        told("-80.00", Status.FAILED);

        assertThat(rows()).containsExactly("-80 0 failed");
        assertThat(items()).isEmpty();
        assertThat(balances()).isEqualTo("coach_available -80, coach_in_transit 0");
    }

    @Test
    void returnsWhatItHeldWhenAFailureIsTheFirstNews() {
        available("80.00");

        told("80.00", Status.FAILED);

        assertThat(rows()).containsExactly("80 80 failed");
        assertThat(items()).isEmpty();
        assertThat(balances()).isEqualTo("coach_available 80, coach_in_transit 0");
    }

    @Test
    void changesNothingWhenItIsToldAgainOrTooLate() {
        available("80.00");
        told("80.00", Status.IN_TRANSIT);
        told("80.00", Status.PAID);

        told("80.00", Status.IN_TRANSIT);
        told("80.00", Status.PAID);
        told("80.00", Status.UNKNOWN);

        assertThat(rows()).containsExactly("80 0 paid");
        assertThat(items()).containsExactly("80");
        assertThat(balances()).isEqualTo("coach_available 0, coach_in_transit 0, coach_paid_out 80");
    }

    @Test
    void waitsLongerWhenTheDayOfArrivalIsPutOff() {
        available("80.00");
        told("80.00", Status.PENDING, at.plus(Duration.ofDays(2)));

        told("80.00", Status.PENDING, at.plus(Duration.ofDays(5)));
        assertThat(expected()).isEqualTo("5 days 01:00:00");
        told("80.00", Status.PENDING, at.plus(Duration.ofDays(2)));
        assertThat(expected()).as("an older event changes nothing").isEqualTo("5 days 01:00:00");

        told("80.00", Status.IN_TRANSIT, at.plus(Duration.ofDays(6)));
        told("80.00", Status.PENDING, at.plus(Duration.ofDays(9)));
        assertThat(expected()).isEqualTo("6 days 01:00:00");
        assertThat(rows()).containsExactly("80 0 in_transit");
        assertThat(balances()).isEqualTo("coach_available 0, coach_in_transit 80");
    }

    @Test
    void takesAPayoutWithSomebodyElsesIdOnItForAnother() {
        available("80.00");
        told("50.00", Status.PENDING);
        UUID ours = (UUID) OwnerSql.rows("select id from payouts where user_id = ?", coach).get(0).get("id");

        payout = payout + "copy";
        access.runAsService(
                () -> payouts.apply(account, payout("30.00", Status.PENDING, Map.of("coachpay_id", ours.toString())),
                        at));

        assertThat(rows()).containsExactly("50 0 pending", "30 0 pending");
    }

    @Test
    void waitsForAnAccountThatIsNotKnownYet() {
        StripePayout told = payout("80.00", Status.PENDING, Map.of());

        assertThatThrownBy(() -> access.runAsService(() -> payouts.apply("acct_nobody", told, at)))
                .isInstanceOf(MissingParent.class);
    }

    private void available(String amount) {
        String line = "txn_" + UUID.randomUUID().toString().replace("-", "");
        access.runAsService(
                () -> ledger.post(List.of(Postings.sessionPaid("pi_" + line, coach, euros(amount), euros("0.00"), at),
                        Postings.fundsAvailable(line, coach, euros(amount), at))));
    }

    private void told(String amount, Status status) {
        told(amount, status, at);
    }

    private void told(String amount, Status status, Instant arrival) {
        StripePayout told = new StripePayout(payout, euros(amount), status, false, false, arrival, null, null, null, null,
                Map.of(), at);
        access.runAsService(() -> payouts.apply(account, told, at));
    }

    private StripePayout payout(String amount, Status status, Map<String, String> metadata) {
        return new StripePayout(payout, euros(amount), status, false, false, at, null, null, null, null, metadata, at);
    }

    private List<String> rows() {
        return texts("""
                select concat_ws(' ', trim_scale(amount), trim_scale(unallocated), status) as text from payouts
                 where user_id = ? order by id""");
    }

    /** The days until the payout arrives, and how long after that it is checked. */
    private String expected() {
        return texts("select (arrival_date - timestamptz '" + at + "')::text || ' ' || (check_at - arrival_date)::text as text"
                + " from payouts where user_id = ?").get(0);
    }

    private List<String> items() {
        return texts("""
                select trim_scale(i.amount)::text as text from payout_items i join payouts p on p.id = i.payout_id
                  join ledger_entries e on e.id = i.entry_id
                 where p.user_id = ? and i.released_at is null order by e.line""");
    }

    private String balances() {
        return texts("""
                select string_agg(kind || ' ' || trim_scale(balance), ', ' order by kind) as text from ledger_accounts
                 where owner_id = ? and kind <> 'coach_pending'""").get(0);
    }

    private List<String> texts(String query) {
        return OwnerSql.rows(query, coach).stream().map(row -> row.get("text").toString()).toList();
    }

    private static Money euros(String amount) {
        return Money.of(CurrencyUnit.EUR, new BigDecimal(amount));
    }
}
