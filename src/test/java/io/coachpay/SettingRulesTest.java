package io.coachpay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;

/** Values that production refuses to start with. */
class SettingRulesTest {

    private static final Map<String, String> GOOD = Map.of("coachpay.stripe.secret-key", "rk_live_abc",
            "coachpay.stripe.publishable-key", "pk_live_abc", "coachpay.inbox.platform-secrets", "whsec_a, whsec_b",
            "coachpay.public-url", "https://pay.example.com", "coachpay.currencies", "USD,EUR", "DATABASE_URL",
            "jdbc:postgresql://db/coachpay", "OIDC_ISSUER_URL", "http://keycloak:8080/realms/coachpay");

    @Test
    void takesWhatMakesSense() {
        assertThat(broken(Map.of())).isEmpty();
        assertThat(broken(Map.of("coachpay.session.hold", "45M", "coachpay.payment.success-url",
                "https://app.example.com/done?visit={CHECKOUT_SESSION_ID}", "coachpay.connect.state-key", "",
                "coachpay.inbox.first-pause", "PT1.5S", "coachpay.stripe.api-base", "http://127.0.0.1:8090"))).isEmpty();
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        List<String> told = broken(Map.of("coachpay.stripe.publishable-key", "sk_live_stolen", "coachpay.inbox.connect-secrets",
                ",", "coachpay.connect.state-key", "x", "coachpay.session.late-cancellation-refund-percentage", "500",
                "coachpay.session.free-cancellation-hours", "-5", "coachpay.inbox.tolerance", "3650D", "coachpay.public-url",
                "hello", "coachpay.inbox.attempts", "0", "coachpay.session.hold", "0S"));

        assertThat(told).hasSize(9).allMatch(sentence -> sentence.matches("coachpay\\S+ must \\S+.*"))
                .noneMatch(sentence -> sentence.contains("stolen"));
    }

    @ParameterizedTest
    @CsvSource({ "coachpay.stripe.secret-key, pk_live_abc", "coachpay.stripe.secret-key, sk_live_",
            "coachpay.stripe.secret-key, sk_test_abc", "coachpay.stripe.publishable-key, pk_test_abc",
            "coachpay.inbox.platform-secrets, 'whsec_a,b'", "coachpay.public-url, http://pay.example.com",
            "coachpay.public-url, https://pay.example.com:99999999", "coachpay.public-url, https://a:b@pay.example.com",
            "coachpay.payment.cancel-url, javascript:alert(1)", "coachpay.return-origins, 'https://a.example.com,ftp://b'",
            "coachpay.currencies, 'USD,XXX'", "coachpay.connect.platform-country, usa", "coachpay.session.hold, soon",
            "coachpay.session.hold, 25H", "coachpay.session.longest-hold, 20M", "coachpay.session.open-holds-per-mentee, 21",
            "coachpay.session.open-holds-per-coach, 201", "coachpay.session.shortest-minutes, 481",
            "coachpay.inbox.threads, 1.5", "coachpay.inbox.lease, -5S", "coachpay.dispute.recover-from-coach, perhaps",
            "coachpay.payout.instant-fee, nobody", "coachpay.http.body-budget, much", "coachpay.http.body-budget, 2G",
            "coachpay.refund.coach-debt-limit, -1", "DATABASE_URL, postgres://db",
            "OIDC_ISSUER_URL, keycloak" })
    void refusesWhatMakesNone(String name, String value) {
        assertThat(broken(Map.of(name, value))).hasSize(1).first().asString().contains(name);
    }

    @Test
    void hasARuleForEachSetting() {
        List<String> settings = new ArrayList<>();
        for (JavaClass one : new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.coachpay")) {
            if (one.isAnnotatedWith(ConfigMapping.class)) {
                String prefix = one.getAnnotationOfType(ConfigMapping.class).prefix();
                one.getMethods().stream().filter(method -> method.getModifiers().contains(JavaModifier.ABSTRACT))
                        .forEach(method -> settings.add(prefix + "."
                                + method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT)));
            }
        }

        assertThat(settings).hasSizeGreaterThan(50);
        settings.addAll(List.of("coachpay.public-url", "coachpay.return-origins", "coachpay.currencies"));
        assertThat(SettingRules.names().stream().filter(name -> name.startsWith("coachpay.")))
                .containsExactlyInAnyOrderElementsOf(settings);
    }

    private static List<String> broken(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(GOOD);
        all.putAll(settings);
        return SettingRules.broken(
                new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(all, "test", 100)).build());
    }
}
