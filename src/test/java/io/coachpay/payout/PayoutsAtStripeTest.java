package io.coachpay.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.journey.Earnings;
import io.coachpay.journey.Marketplace;

/** Two workers make the same payout and get the same refusal, and only the first applies it. */
@ServiceTest
class PayoutsAtStripeTest {

    private static final String REFUSED = """
            {"match": {"method": "POST", "path": "/v1/payouts"}, "do": "error", "times": 1, "status": 400,
             "type": "invalid_request_error", "code": "instant_payouts_unsupported", "message": "No."}""";
    private static final String AWAY = """
            {"match": {"path": "/v1/payouts*"}, "do": "refuse", "times": 60}""";

    @Inject
    PayoutBooks payouts;

    @Inject
    PayoutsAtStripe attempts;

    @Inject
    Standings standings;

    @Inject
    Access access;

    private UUID coach;
    private String account;

    @BeforeEach
    void earn() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        coach = UUID.fromString(carol.id());
        account = Earnings.account(carol);
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "100.00");
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void ignoresTheRefusalOfAnAttemptThatSomebodyElseHasGoneOnFrom() {
        Payout instant = requestedInstant();
        faults(REFUSED, AWAY);
        attempts.advance(instant, account);
        assertThat(rows()).containsExactly("requested standard destination_not_eligible 2");

        faults(REFUSED);
        assertThat(attempts.advance(instant, account)).isNull();

        assertThat(rows()).containsExactly("pending standard destination_not_eligible 2");
        assertThat(items()).containsExactly("100");
    }

    @Test
    void tellsNobodyOfARefusalWhenThePayoutWasMadeAfterAll() {
        Payout instant = requestedInstant();
        faults(REFUSED);
        assertThat(attempts.advance(instant, account)).isNull();

        faults(REFUSED);
        assertThat(attempts.advance(instant, account)).isNull();

        assertThat(rows()).containsExactly("pending standard destination_not_eligible 2");
    }

    /** Returns the row as its writer sees it, whatever happens to it meanwhile. */
    private Payout requestedInstant() {
        return access.asService(() -> {
            standings.hold(coach);
            PayoutEligibility standing = standings.of(coach, CurrencyUnit.USD);
            return payouts.reserve(standing, Money.of(CurrencyUnit.USD, 100), PayoutSpeed.INSTANT,
                    Money.zero(CurrencyUnit.USD), PayoutOrigin.COACH, null, null);
        });
    }

    private static void faults(String... requests) {
        StripeSandbox.faults("{\"requests\": [" + String.join(",", requests) + "]}");
    }

    private List<String> rows() {
        return texts("select concat_ws(' ', status, method, fallback_reason, attempt) as text from payouts where user_id = ?");
    }

    private List<String> items() {
        return texts("""
                select trim_scale(i.amount)::text as text from payout_items i join payouts p on p.id = i.payout_id
                 where p.user_id = ? and i.released_at is null""");
    }

    private List<String> texts(String query) {
        return OwnerSql.rows(query, coach).stream().map(row -> row.get("text").toString()).toList();
    }
}
