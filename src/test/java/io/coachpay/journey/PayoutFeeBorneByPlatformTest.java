package io.coachpay.journey;

import static org.hamcrest.Matchers.equalTo;

import java.util.Map;

import org.junit.jupiter.api.Test;

import io.coachpay.OwnWorld;
import io.coachpay.Person;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** A platform that bears the cost of instant payouts: coaches are paid everything. */
@QuarkusTest
@TestProfile(PayoutFeeBorneByPlatformTest.Quick.class)
class PayoutFeeBorneByPlatformTest {

    @Test
    void paysAllThereIs() {
        Person carol = Earnings.coachWith100("monthly", "500.00");
        Earnings.bank(carol, Map.of("instant", true));
        carol.gets("/v1/me/payouts/quote?method=instant").statusCode(200).body("amount.amount", equalTo("100.00"))
                .body("fee.amount", equalTo("2.50")).body("borneBy", equalTo("platform"));

        carol.posts("/v1/me/payouts", Map.of("method", "instant")).statusCode(201).body("amount.amount", equalTo("100.00"))
                .body("fee.amount", equalTo("0.00"));

        Earnings.becomesSoon(carol, "100 in_transit instant coach");
        Books.closeFor(carol);
    }

    /** The platform bears two and a half percent. */
    public static class Quick extends OwnWorld {

        public Quick() {
            super("quick");
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("coachpay.payout.instant-fee", "platform", "coachpay.payout.instant-fee-percentage", "2.50");
        }
    }
}
