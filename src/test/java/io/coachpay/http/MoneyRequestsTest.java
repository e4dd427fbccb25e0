package io.coachpay.http;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.restassured.response.ValidatableResponse;

/** Amounts as requests write them. */
@ServiceTest
class MoneyRequestsTest {

    @ParameterizedTest
    @CsvSource({ "125.0, USD, wrong-digits", "125, USD, wrong-digits", "125.000, USD, wrong-digits",
            "1000.00, JPY, wrong-digits", "10.00, KWD, wrong-digits", "-125.00, USD, negative-amount",
            "1e2, USD, malformed-amount", "0125.00, USD, malformed-amount", "+125.00, USD, malformed-amount",
            "'125,00', USD, malformed-amount", "' 125.00', USD, malformed-amount", "'', USD, malformed-amount",
            "NaN, USD, malformed-amount", "9999999999999.00, USD, malformed-amount", "125.00, usd, unknown-currency",
            "125.00, XXX, unknown-currency", "125.00, BTC, unknown-currency", "125.00, '', unknown-currency",
            "125.00, US, unknown-currency" })
    void refusesWhatIsNoAmount(String amount, String currency, String problem) {
        Problem.is(rate("{\"amount\": \"" + amount + "\", \"currency\": \"" + currency + "\"}"), 400, problem)
                .body("violations.field", hasItem("hourlyRate"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "125", "\"125.00\"", "null", "[]", "{}", "{\"amount\": 125.00, \"currency\": \"USD\"}",
            "{\"amount\": \"125.00\"}", "{\"currency\": \"USD\"}", "{\"amount\": \"125.00\", \"currency\": 840}",
            "{\"amount\": \"125.00\", \"currency\": \"USD\", \"surprise\": 1}", "{\"amount\": null, \"currency\": \"USD\"}" })
    void refusesMoneyOfTheWrongType(String money) {
        Problem.names(rate(money), "hourlyRate");
    }

    @ParameterizedTest
    @CsvSource({ "0.00, USD, amount-too-small", "0.49, USD, amount-too-small", "49, JPY, amount-too-small",
            "10.005, KWD, amount-not-chargeable", "99999999999.00, USD, amount-too-large" })
    void refusesWhatStripeDoesNotCharge(String amount, String currency, String problem) {
        Problem.is(rate("{\"amount\": \"" + amount + "\", \"currency\": \"" + currency + "\"}"), 422, problem);
    }

    @Test
    void refusesARateOfWhichADayCouldNotBeCharged() {
        Problem.names(rate("{\"amount\": \"41700.00\", \"currency\": \"USD\"}"), "hourlyRate.amount");
        rate("{\"amount\": \"41600.00\", \"currency\": \"USD\"}").statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = { "SEK", "BRL" })
    void refusesACurrencyThePlatformDoesNotSettleIn(String currency) {
        Problem.is(rate("{\"amount\": \"125.00\", \"currency\": \"" + currency + "\"}"), 422, "currency-not-settled");
    }

    @ParameterizedTest
    @CsvSource({ "0.50, USD", "100.00, USD", "1000, JPY", "10.010, KWD" })
    void takesWhatStripeCharges(String amount, String currency) {
        rate("{\"amount\": \"" + amount + "\", \"currency\": \"" + currency + "\"}").statusCode(200)
                .body("hourlyRate.amount", equalTo(amount)).body("hourlyRate.currency", equalTo(currency));
    }

    private static ValidatableResponse rate(String money) {
        return Person.called("carol").asks().body("{\"hourlyRate\": " + money + "}").put("/v1/me/coach-profile").then();
    }
}
