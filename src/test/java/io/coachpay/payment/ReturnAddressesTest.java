package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.http.InvalidField;
import io.coachpay.stripe.StripeSettings;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;

/** Payers return to configured origins, and to no address that merely looks like one. */
class ReturnAddressesTest {

    private final ReturnAddresses addresses = new ReturnAddresses(List.of("https://ok.example", "http://localhost:8080/"),
            keyed("sk_test_1"));

    @ParameterizedTest
    @ValueSource(strings = { "https://ok.example", "https://ok.example/", "https://ok.example:443/done?a=b#c",
            "https://ok.example/done?visit={CHECKOUT_SESSION_ID}", "https://ok.example/#{CHECKOUT_SESSION_ID}",
            "HTTPS://OK.Example/Done", "http://localhost:8080/done" })
    void takesWhatIsOfAConfiguredOrigin(String address) {
        assertThat(addresses.checked("successUrl", address)).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = { "https://evil.example/", "https://ok.example.evil.example/", "https://evil.example/ok.example",
            "https://evil.example?https://ok.example", "https://evil.example#https://ok.example", "https://ok.example:8443/",
            "https://ok.example./", "https://sub.ok.example/", "http://ok.example/", "https://localhost:8080/",
            "http://localhost/", "http://localhost:8081/", "https://xn--k-cma.example/",
            "https://{CHECKOUT_SESSION_ID}.ok.example/", "http://127.0.0.1:8080/" })
    void refusesEveryOtherOrigin(String address) {
        assertThatThrownBy(() -> addresses.checked("successUrl", address))
                .isInstanceOf(PaymentRefused.ReturnUrlNotAllowed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = { "https://ok.example@evil.example/", "https://ok.example:x@evil.example/", "https://@evil.example/",
            "https://ok.example\\@evil.example/", "https:\\\\ok.example", "https://ok.example\\.evil.example/", "//ok.example/",
            "https:///ok.example", "https://ok.example:99999999/", "https://ok.example:65536/", "https://ok.example:0/",
            "https://ök.example/", "javascript:alert(1)", "ftp://ok.example/", "https://ok.example/ a",
            "https://ok.example\u0000/" })
    void refusesWhatIsNoPlainWebAddress(String address) {
        assertThatThrownBy(() -> addresses.checked("successUrl", address)).isInstanceOf(InvalidField.class);
    }

    @Test
    void refusesAnAddressThatIsTooLong() {
        assertThatThrownBy(() -> addresses.checked("cancelUrl", "https://ok.example/" + "a".repeat(2048)))
                .isInstanceOf(InvalidField.class);
    }

    @Test
    void sendsNobodyToPlainHttpInLiveMode() {
        ReturnAddresses live = new ReturnAddresses(List.of("https://ok.example", "http://localhost:8080"), keyed("sk_live_1"));

        assertThat(live.checked("successUrl", "https://ok.example/done")).isEqualTo("https://ok.example/done");
        assertThatThrownBy(() -> live.checked("successUrl", "http://localhost:8080/done"))
                .isInstanceOf(PaymentRefused.ReturnUrlNotAllowed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = { "ok.example", "https://ok.example/path", "https://ok.example?a", "hello", "*",
            "https://u@ok.example" })
    void refusesSettingsThatAreNoOrigins(String origin) {
        assertThatThrownBy(() -> new ReturnAddresses(List.of(origin), keyed("sk_test_1")))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("coachpay.return-origins");
    }

    private static StripeSettings keyed(String secretKey) {
        return new SmallRyeConfigBuilder().withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(StripeSettings.class).withDefaultValue("coachpay.stripe.secret-key", secretKey)
                .withDefaultValue("coachpay.stripe.publishable-key", "pk_test_1").build()
                .getConfigMapping(StripeSettings.class);
    }
}
