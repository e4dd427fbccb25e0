package io.coachpay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.restassured.response.ValidatableResponse;

/** Permissions: every endpoint, called by every role. */
@ServiceTest
class EndpointsTest {

    /**
     * Method and path, the object for its {@code {id}} or other braces, and the status for anonymous, the mentee, another
     * mentee, the coach, another coach and the administrator. A caller that a POST or PUT serves changes things, so those come
     * last.
     */
    private static final List<String> TABLE = """
            GET    /v1/config                               -          | 200 200 200 200 200 200
            GET    /v1/coaches                              -          | 200 200 200 200 200 200
            GET    /v1/coaches/{id}                         coach      | 200 200 200 200 200 200
            GET    /v1/coaches/{id}/busy                    coach      | 200 200 200 200 200 200
            GET    /v1/plans                                -          | 200 200 200 200 200 200
            GET    /v1/me/subscription                      -          | 401 404 404 404 404 404
            POST   /v1/me/subscription                      -          | 401 404 404 404 404 404
            PATCH  /v1/me/subscription                      -          | 401 409 409 409 409 409
            POST   /v1/me/subscription/preview              -          | 401 409 409 409 409 409
            POST   /v1/me/subscription/resume               -          | 401 409 409 409 409 409
            GET    /v1/me/billing-details                   -          | 401 200 200 200 200 200
            PUT    /v1/me/billing-details                   -          | 401 200 200 200 200 200
            POST   /v1/me/billing-portal                    -          | 401 422 422 422 422 422
            DELETE /v1/me/subscription                      -          | 401 409 409 409 409 409
            GET    /v1/me/entitlements                      -          | 401 200 200 200 200 200
            POST   /v1/me/subscription/checkout             -          | 401 201 201 201 201 201
            GET    /v1/admin/plans                          -          | 401 403 403 403 403 200
            POST   /v1/admin/plans                          -          | 401 403 403 403 403 201
            PATCH  /v1/admin/plans/{id}                     plan       | 401 403 403 403 403 200
            GET    /v1/credit-packages                      -          | 200 200 200 200 200 200
            GET    /v1/admin/credit-packages                -          | 401 403 403 403 403 200
            POST   /v1/admin/credit-packages                -          | 401 403 403 403 403 201
            PATCH  /v1/admin/credit-packages/{id}           package    | 401 403 403 403 403 200
            GET    /v1/me                                   -          | 401 200 200 200 200 200
            PATCH  /v1/me                                   -          | 401 200 200 200 200 200
            GET    /v1/me/balance                           -          | 401 404 404 200 200 404
            GET    /v1/me/balance/explain                   -          | 401 404 404 200 200 404
            GET    /v1/me/payouts/{id}/explain              payout     | 401 404 404 200 404 404
            GET    /v1/me/statements/{month}                month      | 401 404 404 200 200 404
            GET    /v1/me/payouts                           -          | 401 200 200 200 200 200
            GET    /v1/me/payouts/{id}                      payout     | 401 404 404 200 404 404
            GET    /v1/me/payouts/quote                     -          | 401 404 404 409 409 404
            POST   /v1/me/payouts/{id}/cancel               payout     | 401 404 404 200 404 404
            POST   /v1/me/payouts                           -          | 401 404 404 409 409 404
            GET    /v1/admin/payouts                        -          | 401 403 403 403 403 200
            GET    /v1/admin/payouts/{id}                   payout     | 401 403 403 403 403 200
            GET    /v1/admin/coaches/debts                  -          | 401 403 403 403 403 200
            POST   /v1/admin/payouts/run                    -          | 401 403 403 403 403 202
            GET    /v1/admin/customers/{id}                 coach      | 401 403 403 403 403 200
            GET    /v1/admin/coaches/{id}                   coach      | 401 403 403 403 403 200
            POST   /v1/admin/coaches/{id}/reconnect         coach      | 401 403 403 403 403 200
            GET    /v1/me/payment-methods                   -          | 401 200 200 200 200 200
            POST   /v1/me/payment-methods/setup             -          | 401 201 201 201 201 201
            GET    /v1/me/payment-methods/setup/{id}        setup      | 401 200 404 404 404 404
            PUT    /v1/me/payment-methods/{id}/default      card       | 401 200 404 404 404 404
            DELETE /v1/me/payment-methods/{id}              card       | 401 200 404 404 404 404
            GET    /v1/me/invoices                          -          | 401 200 200 200 200 200
            GET    /v1/me/invoices/{id}                     invoice    | 401 200 404 404 404 404
            POST   /v1/me/invoices/{id}/pay                 invoice    | 401 409 404 404 404 404
            GET    /v1/admin/invoices                       -          | 401 403 403 403 403 200
            GET    /v1/admin/invoices/{id}                  invoice    | 401 403 403 403 403 200
            POST   /v1/admin/invoices/{id}/refunds          invoice    | 401 403 403 403 403 409
            GET    /v1/me/coach-profile                     -          | 401 404 404 200 200 404
            GET    /v1/me/connected-account                 -          | 401 404 404 200 200 404
            POST   /v1/me/connected-account/onboarding-link -          | 401 404 404 200 200 404
            POST   /v1/me/connected-account/dashboard-link  -          | 401 404 404 200 200 404
            POST   /v1/me/connected-account/account-session -          | 401 404 404 200 200 404
            POST   /v1/me/connected-account                 -          | 401 409 409 200 200 409
            GET    /v1/sessions                             -          | 401 200 200 200 200 200
            GET    /v1/sessions/{id}                        booked     | 401 200 404 200 404 404
            GET    /v1/sessions/{id}/payment                paying     | 401 200 404 404 404 404
            GET    /v1/me/credits                           -          | 401 200 200 200 200 200
            GET    /v1/me/credits/transactions              -          | 401 200 200 200 200 200
            GET    /v1/me/credits/purchases                 -          | 401 200 200 200 200 200
            POST   /v1/credits/checkout                     -          | 401 201 201 201 201 201
            GET    /v1/checkout-sessions/{id}               page       | 401 200 404 404 404 404
            GET    /v1/admin/capacity                       -          | 401 403 403 403 403 200
            PUT    /v1/admin/capacity                       -          | 401 403 403 403 403 200
            POST   /v1/admin/users/{id}/credits             coach      | 401 403 403 403 403 200
            GET    /v1/transactions                         -          | 401 200 200 200 200 200
            GET    /v1/transactions/{id}                    paid       | 401 200 404 200 404 200
            POST   /v1/transactions/{id}/refunds            paid       | 401 404 404 201 404 201
            POST   /v1/sessions                             -          | 401 201 201 422 201 201
            POST   /v1/sessions/{id}/payment                booked     | 401 200 404 404 404 404
            POST   /v1/sessions/{id}/cancel                 booked     | 401 200 404 200 404 200
            POST   /v1/sessions/{id}/complete               booked     | 401 404 404 409 404 404
            POST   /v1/sessions/{id}/no-show                booked     | 401 404 404 409 404 404
            DELETE /v1/sessions/{id}/payment                paying     | 401 204 404 404 404 404
            GET    /v1/disputes/{id}                        dispute    | 401 404 404 200 404 200
            PUT    /v1/disputes/{id}/evidence               dispute    | 401 404 404 200 404 200
            POST   /v1/disputes/{id}/submit                 dispute    | 401 404 404 422 404 422
            GET    /v1/admin/disputes                       -          | 401 403 403 403 403 200
            GET    /v1/admin/transfers                      -          | 401 403 403 403 403 200
            POST   /v1/admin/transfers/{id}/retry           step       | 401 403 403 403 403 200
            POST   /v1/admin/transfers/{id}/withdraw        step       | 401 403 403 403 403 200
            GET    /v1/admin/refunds                        -          | 401 403 403 403 403 200
            POST   /v1/admin/refunds/{id}/retry             refused    | 401 403 403 403 403 200
            POST   /v1/admin/refunds/{id}/platform-pays     refused    | 401 403 403 403 403 200
            POST   /v1/admin/refunds/{id}/withdraw          waiting    | 401 403 403 403 403 200
            POST   /v1/admin/refunds/{id}/repay             refused    | 401 403 403 403 403 409
            GET    /v1/admin/events                         -          | 401 403 403 403 403 200
            GET    /v1/admin/events/{id}                    event      | 401 403 403 403 403 200
            POST   /v1/admin/events/{id}/replay             event      | 401 403 403 403 403 202
            POST   /v1/admin/events/replay                  -          | 401 403 403 403 403 202
            GET    /v1/admin/reconciliation                 -          | 401 403 403 403 403 200
            GET    /v1/admin/reconciliation/findings        -          | 401 403 403 403 403 200
            POST   /v1/admin/reconciliation/run             -          | 401 403 403 403 403 202
            POST   /v1/admin/reconciliation/findings/{id}/note finding | 401 403 403 403 403 200
            POST   /v1/admin/reconciliation/findings/{id}/book finding | 401 403 403 403 403 409
            POST   /webhooks/stripe                         -          | 400 400 400 400 400 400
            POST   /webhooks/stripe/connect                 -          | 400 400 400 400 400 400
            PUT    /v1/me/coach-profile                     -          | 401 200 200 200 200 200
            """.lines().toList();

    private static Cast cast;

    @Test
    void hasARowForEveryOperation() {
        List<String> described = OpenApiTest.operations().stream().map(OpenApiTest.Operation::name).toList();

        assertThat(TABLE.stream().map(row -> Row.of(row).operation())).containsExactlyInAnyOrderElementsOf(described);
    }

    @TestFactory
    Stream<DynamicTest> answersEverybodyAsTheTableSays() {
        if (cast == null) {
            cast = new Cast();
        }
        return TABLE.stream().map(Row::of).flatMap(row -> Stream.of(Cast.Role.values()).map(role -> dynamicTest(
                row.operation() + " as " + role, () -> calls(row, role))));
    }

    private static void calls(Row row, Cast.Role role) {
        ValidatableResponse answer = cast.calls(role, row.method(), row.path(), row.subject());

        int expected = row.statuses().get(role.ordinal());
        assertThat(answer.extract().statusCode()).as(answer.extract().asString()).isEqualTo(expected);
        assertThat(answer.extract().headers() + answer.extract().asString()).doesNotContain(Cast.FOREIGN_HOST);
        if (expected >= 400) {
            Problem.is(answer, expected);
        }
    }

    /** A line of the table. */
    record Row(String method, String path, String subject, List<Integer> statuses) {

        static Row of(String line) {
            String[] sides = line.split("\\|");
            String[] words = sides[0].trim().split("\\s+");
            return new Row(words[0], words[1], words[2],
                    Stream.of(sides[1].trim().split("\\s+")).map(Integer::valueOf).toList());
        }

        String operation() {
            return method + " " + path;
        }
    }
}
