package io.coachpay;

import java.util.List;
import java.util.Optional;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * Where the service begins in production. It first looks whether everything it cannot do without is set, and whether what is
 * set makes sense, and says in one line each what is missing or wrong, instead of failing later somewhere inside.
 */
@QuarkusMain(name = "coachpay")
public final class Coachpay {

    private static final List<Setting> REQUIRED = List.of(
            new Setting("DATABASE_URL", "JDBC address of the PostgreSQL database, such as jdbc:postgresql://db:5432/coachpay"),
            new Setting("DATABASE_PASSWORD", "password of the role coachpay_app"),
            new Setting("DATABASE_OWNER_PASSWORD", "password of the role coachpay_owner, which changes the schema at start"),
            new Setting("OIDC_ISSUER_URL",
                    "address of the OpenID Connect provider, such as https://id.example.com/realms/coachpay"),
            new Setting("STRIPE_SECRET_KEY", "secret key of the platform's Stripe account, sk_…"),
            new Setting("STRIPE_PUBLISHABLE_KEY", "publishable key of the same account, pk_…"),
            new Setting("COACHPAY_CURRENCIES",
                    "currencies that the platform has a bank account for at Stripe, such as USD,EUR: all others are converted"),
            new Setting("STRIPE_WEBHOOK_SECRETS",
                    "signing secrets of the platform's webhook endpoint, whsec_…, separated by commas"),
            new Setting("STRIPE_CONNECT_WEBHOOK_SECRETS",
                    "signing secrets of the Connect webhook endpoint, whsec_…, separated by commas"));

    Coachpay() {
    }

    public static void main(String[] arguments) {
        if (!complete(ConfigProvider.getConfig())) {
            System.exit(1);
        }
        Quarkus.run(arguments);
    }

    private static boolean complete(Config config) {
        List<Setting> missing = REQUIRED.stream().filter(setting -> setting.missingFrom(config)).toList();
        missing.forEach(setting -> System.err
                .println("coachpay cannot start: " + setting.name + " is not set (" + setting.purpose + ")"));
        List<String> broken = SettingRules.broken(config);
        broken.forEach(sentence -> System.err.println("coachpay cannot start: " + sentence));
        return missing.isEmpty() && broken.isEmpty();
    }

    private record Setting(String name, String purpose) {

        boolean missingFrom(Config config) {
            Optional<String> value = config.getOptionalValue(name, String.class);
            return value.isEmpty() || value.get().isBlank();
        }
    }
}
