package io.coachpay.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementCsvTest {

    private static final UUID PAYMENT = UUID.fromString("019de3b2-7b1c-7f00-8000-000000000001");
    private static final UUID SESSION = UUID.fromString("019de3b2-7b1c-7f00-8000-000000000002");

    @Test
    void showsEveryLineBetweenTheBalancesInTheCoachsTime() {
        Month month = Month.parse("2030-05", always("America/New_York"));
        Movement paid = new Movement(UUID.randomUUID(), LineKind.SESSION_PRICE, "pi_1",
                Instant.parse("2030-05-06T01:30:00.123Z"),
                Money.parse("USD 125.00"), Money.parse("USD 25.00"), "fee_1", PAYMENT, SESSION);
        Statement statement = Statement.of(month, Money.parse("USD -1.50"), Money.parse("USD 98.50"),
                paid.lines().toList());

        assertThat(StatementCsv.table(statement)).isEqualTo("""
                date,kind,text,amount,currency,transactionId,sessionId,stripeId
                2030-05-01T00:00:00-04:00,opening_balance,Opening balance,-1.50,USD,,,
                2030-05-05T21:30:00-04:00,session_price,Price of a session,125.00,USD,%1$s,%2$s,pi_1
                2030-05-05T21:30:00-04:00,platform_fee,The platform's fee,-25.00,USD,%1$s,%2$s,fee_1
                2030-06-01T00:00:00-04:00,closing_balance,Closing balance,98.50,USD,,,
                """.formatted(PAYMENT, SESSION).replace("\n", "\r\n"));
    }

    @Test
    void showsAMonthWithoutAnythingInIt() {
        Statement statement = Statement.of(Month.parse("2030-05", always("UTC")), Money.parse("JPY 0"), Money.parse("JPY 0"),
                List.of());

        assertThat(StatementCsv.table(statement).lines()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
            "plain~plain",
            "one, two~\"one, two\"",
            "the \"best\"~\"the \"\"best\"\"\"",
            "=1+1~'=1+1",
            "@SUM(A1)~'@SUM(A1)",
            "-2+3~'-2+3",
            "+1~'+1",
            "`=HYPERLINK(\"http://x\",\"y\")`~`\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"`",
            "`\tx`~`'\tx`",
            "`two\nlines`~`\"two\nlines\"`"
    })
    void leavesASpreadsheetNothingToCompute(String text, String cell) {
        assertThat(StatementCsv.cell(text)).isEqualTo(cell);
    }

    private static TimeZones always(String zone) {
        return new TimeZones(ZoneId.of(zone), List.of());
    }
}
