package io.coachpay.reporting;

import static io.coachpay.journey.Marketplace.money;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.joda.money.CurrencyUnit;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.job.Jobs;
import io.coachpay.journey.Earnings;
import io.coachpay.journey.Marketplace;

/**
 * An item is one part of a payout for every reader: coaches see their own account's lines, administrators the platform's too.
 */
@ServiceTest
class PayoutPartsTest {

    private static final UUID NEWEST = new UUID(-1, -1);

    @Inject
    PayoutParts parts;

    @Inject
    Access access;

    @Inject
    Jobs jobs;

    @Test
    void takesAFeeForOnePartThoughItHasALineOnEachSide() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        String account = Earnings.account(carol);
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "100.00");
        Earnings.bank(carol, Map.of("currency", "usd", "instant", true));
        carol.posts("/v1/me/payouts", Map.of("method", "instant", "amount", money("80.00", "USD"))).statusCode(201);
        soon().untilAsserted(() -> {
            OwnerSql.run(
                    "update stripe_cursors set requested_at = ?::timestamptz where listing = 'balance_transactions' and account in ('platform', ?)",
                    StripeSandbox.now().toString(), account);
            jobs.runNow("balance-import");
            assertThat(sidesOfTheFee(carol)).containsExactlyInAnyOrder(account, "platform");
        });
        String rest = carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(201)
                .body("amount.amount", equalTo("19.20")).extract().path("id");

        List<PayoutParts.Part> seen = access.asService(() -> parts.of(UUID.fromString(rest), CurrencyUnit.USD, NEWEST, 100));

        assertThat(seen).extracting(part -> part.movement().net().getAmount().toString()).containsExactly("-0.80", "100.00");
    }

    private static List<String> sidesOfTheFee(Person coach) {
        return OwnerSql.rows("""
                select b.account from payouts p join ledger_journals j on j.reference = p.stripe_fee_transfer_id
                  join stripe_balance_transactions b on b.journal_id = j.id where p.user_id = ?::uuid""", coach.id()).stream()
                .map(row -> row.get("account").toString()).toList();
    }
}
