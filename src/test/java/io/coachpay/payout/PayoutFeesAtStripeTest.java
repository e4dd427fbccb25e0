package io.coachpay.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.AtOnce;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.journey.Earnings;
import io.coachpay.journey.Marketplace;

/** Several workers take the same fee: it is taken once, booked once, and refused once. */
@ServiceTest
class PayoutFeesAtStripeTest {

    @Inject
    PayoutBooks payouts;

    @Inject
    PayoutsAtStripe attempts;

    @Inject
    PayoutFeesAtStripe fees;

    @Inject
    Standings standings;

    @Inject
    Access access;

    private UUID coach;
    private String account;
    private UUID payout;

    /** Makes a payout at Stripe whose fee is still to be taken. */
    @BeforeEach
    void payOut() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        coach = UUID.fromString(carol.id());
        account = Earnings.account(carol);
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "100.00");
        Earnings.bank(carol, Map.of("currency", "usd", "instant", true));
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/transfers"}, "do": "refuse", "times": 1000}]}""");
        payout = access.asService(() -> {
            standings.hold(coach);
            return payouts.reserve(standings.of(coach, CurrencyUnit.USD), Money.of(CurrencyUnit.USD, 80), PayoutSpeed.INSTANT,
                    Money.parse("USD 0.80"), PayoutOrigin.COACH, null, null).id();
        });
        attempts.advance(payout);
        StripeSandbox.noFaults();
        assertThat(row()).isEqualTo("in_transit open 1");
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void takesItOnceThoughSeveralDo() {
        takeAtOnce();

        assertThat(row()).isEqualTo("in_transit taken 1");
        assertThat(debits()).containsExactly(80);
        assertThat(booked()).containsExactly("-0.8");
    }

    @Test
    void takesItOnceAfterSeveralHeardThatItMustWait() {
        StripeSandbox.refuses("/v1/transfers", "balance_insufficient");
        takeAtOnce();
        assertThat(row()).startsWith("in_transit open");
        StripeSandbox.noFaults();

        takeAtOnce();

        assertThat(debits()).containsExactly(80);
        assertThat(booked()).containsExactly("-0.8");
    }

    @Test
    void believesTheFirstRefusal() {
        StripeSandbox.refuses("/v1/transfers", "transfers_not_allowed");
        takeAtOnce();
        StripeSandbox.noFaults();

        fees.take(payout);

        assertThat(row()).isEqualTo("in_transit transfers_not_allowed 1");
        assertThat(debits()).isEmpty();
        assertThat(booked()).isEmpty();
    }

    private void takeAtOnce() {
        AtOnce.times(4, () -> {
            fees.take(payout);
            return true;
        });
    }

    private String row() {
        return texts("""
                select concat_ws(' ', status, case when stripe_fee_transfer_id is not null then 'taken'
                         else coalesce(fee_refusal, 'open') end, fee_attempt) as text from payouts where id = ?""", payout)
                .get(0);
    }

    private List<String> booked() {
        return texts("""
                select trim_scale(e.amount)::text as text from ledger_journals j join ledger_entries e on e.journal_id = j.id
                  join ledger_accounts a on a.id = e.account_id and a.kind = 'coach_available'
                 where j.kind = 'instant_fee' and a.owner_id = ?""", coach);
    }

    private List<Integer> debits() {
        return StripeSandbox.request().header("Stripe-Account", account).get("/v1/transfers").then().statusCode(200).extract()
                .path("data.amount");
    }

    private static List<String> texts(String query, UUID id) {
        return OwnerSql.rows(query, id).stream().map(row -> row.get("text").toString()).toList();
    }
}
