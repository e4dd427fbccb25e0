package io.coachpay;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * Starts the service in production. First checks that every required setting is there and that all values make sense, and
 * reports in one line each what is missing or wrong, instead of failing later somewhere inside. Then it brings the database's
 * schema up to date, or checks that somebody has.
 * <p>
 * {@code --migrate} only does that, and {@code --print-migration} prints the SQL instead.
 */
@QuarkusMain(name = "coachpay")
public final class Coachpay {

    private static final Setting DATABASE = new Setting("DATABASE_URL",
            "JDBC address of the PostgreSQL database, such as jdbc:postgresql://db:5432/coachpay");
    private static final Setting OWNER = new Setting("DATABASE_OWNER_PASSWORD",
            "password of the role coachpay_owner, which changes the schema at start");

    private static final List<Setting> REQUIRED = List.of(
            DATABASE,
            new Setting("DATABASE_PASSWORD", "password of the role coachpay_app"),
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
        Config config = ConfigProvider.getConfig();
        try {
            Task task = Task.of(arguments);
            boolean migrates = task != Task.SERVE
                    || config.getValue("coachpay.database.migrate-at-start", Boolean.class);
            List<String> broken = task == Task.SERVE ? SettingRules.broken(config) : List.of();
            if (!complete(task.required(migrates), broken, config)) {
                System.exit(1);
            }
            switch (task) {
                case PRINT_MIGRATION -> System.out.print(migrations(config).pending());
                case MIGRATE -> {
                    migrations(config).migrate();
                    System.out.println("The database has what this release needs.");
                }
                case SERVE -> {
                    prepare(migrates, config);
                    Quarkus.run(arguments);
                }
            }
        } catch (Migrations.Refused refused) {
            System.err.println("coachpay cannot start: " + refused.getMessage());
            System.exit(1);
        }
    }

    private enum Task {
        SERVE,
        MIGRATE,
        PRINT_MIGRATION;

        static Task of(String[] arguments) {
            List<String> all = List.of(arguments);
            return all.contains("--migrate") ? MIGRATE : all.contains("--print-migration") ? PRINT_MIGRATION : SERVE;
        }

        List<Setting> required(boolean migrates) {
            return this == SERVE ? migrates ? Stream.concat(REQUIRED.stream(), Stream.of(OWNER)).toList() : REQUIRED
                    : List.of(DATABASE, OWNER);
        }
    }

    private static Migrations migrations(Config config) {
        return new Migrations(config.getValue("quarkus.datasource.jdbc.url", String.class),
                config.getValue("quarkus.liquibase.username", String.class),
                config.getValue("quarkus.liquibase.password", String.class));
    }

    private static void prepare(boolean migrates, Config config) {
        if (migrates) {
            migrations(config).migrate();
        } else {
            Migrations.requireDone(config.getValue("quarkus.datasource.jdbc.url", String.class),
                    config.getValue("quarkus.datasource.username", String.class),
                    config.getValue("quarkus.datasource.password", String.class));
        }
    }

    private static boolean complete(List<Setting> required, List<String> broken, Config config) {
        List<Setting> missing = required.stream().filter(setting -> setting.missingFrom(config)).toList();
        missing.forEach(setting -> System.err
                .println("coachpay cannot start: " + setting.name + " is not set (" + setting.purpose + ")"));
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
