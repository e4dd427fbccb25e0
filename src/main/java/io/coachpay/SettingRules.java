package io.coachpay;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

import io.coachpay.money.MoneyRefused;
import io.coachpay.money.StripeCurrencies;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySizeConverter;

/**
 * Rules for the values of settings. All invalid values are reported at once, before anything begins, and no secret is repeated.
 */
final class SettingRules {

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int HIGHEST_PORT = 65_535;
    private static final int LEAST_KEY_BYTES = 32;
    private static final Pattern SECRET_KEY = Pattern.compile("(sk|rk)_(test|live)_\\w+");
    private static final Pattern PUBLISHABLE_KEY = Pattern.compile("pk_(test|live)_\\w+");
    private static final Pattern SIGNING_SECRET = Pattern.compile("whsec_\\S+");
    private static final String SECRET = "coachpay.stripe.secret-key";
    private static final String PUBLISHABLE = "coachpay.stripe.publishable-key";

    private static final List<Rule> RULES = List.of(
            rule("DATABASE_URL", value -> value.startsWith("jdbc:postgresql:") ? null : "must begin with jdbc:postgresql:"),
            rule("OIDC_ISSUER_URL", value -> web(value) == null ? "must be a web address" : null),
            rule("coachpay.public-url", SettingRules::address),
            rule("coachpay.return-origins", value -> each(value, SettingRules::address)),
            rule("coachpay.currencies", value -> each(value, SettingRules::currency)),
            rule(SECRET, value -> matches(value, SECRET_KEY, "must be a secret or restricted key: sk_test_…, rk_live_…")),
            rule(PUBLISHABLE, value -> matches(value, PUBLISHABLE_KEY, "must be a publishable key: pk_test_…, pk_live_…")),
            rule("coachpay.stripe.api-base", SettingRules::address),
            duration("coachpay.stripe.connect-timeout", "0.1S", "60S"),
            duration("coachpay.stripe.read-timeout", "1S", "80S"),
            number("coachpay.stripe.network-retries", 0, 5),
            number("coachpay.stripe.background-calls-per-second", 0, 10_000),
            rule("coachpay.connect.platform-country", value -> Arrays.asList(Locale.getISOCountries()).contains(value) ? null
                    : "must be an upper-case two-letter code of a country, such as US"),
            rule("coachpay.connect.state-key",
                    value -> value.getBytes(StandardCharsets.UTF_8).length >= LEAST_KEY_BYTES ? null
                            : "must have " + LEAST_KEY_BYTES + " bytes at least"),
            duration("coachpay.connect.state-lasts", "1M", "1D"),
            rule("coachpay.connect.refresh-url", SettingRules::address),
            number("coachpay.http.money-moving-per-minute", 1, 100_000),
            number("coachpay.http.asking-stripe-per-minute", 1, 100_000),
            number("coachpay.http.requests-at-once", 1, 10_000),
            number("coachpay.http.proxies", 0, 10),
            duration("coachpay.http.body-deadline", "0.1S", "5M"),
            size("coachpay.http.body-budget", "1M", "1G"),
            number("coachpay.database.connections", 1, 1000),
            truth("coachpay.database.migrate-at-start"),
            rule("coachpay.payment.success-url", SettingRules::address),
            rule("coachpay.payment.cancel-url", SettingRules::address),
            rule("coachpay.payment.return-url", SettingRules::address),
            rule("coachpay.payment.saved-url", SettingRules::address),
            duration("coachpay.session.hold", "1M", "24H"),
            duration("coachpay.session.longest-hold", "1M", "24H"),
            number("coachpay.session.open-holds-per-mentee", 1, 20),
            number("coachpay.session.open-holds-per-coach", 1, 200),
            number("coachpay.session.shortest-minutes", 1, 1440),
            number("coachpay.session.longest-minutes", 1, 1440),
            duration("coachpay.session.furthest-ahead", "1D", "1825D"),
            number("coachpay.session.free-cancellation-hours", 0, 8760),
            percentage("coachpay.session.late-cancellation-refund-percentage"),
            duration("coachpay.session.completed-after", "1M", "30D"),
            duration("coachpay.refund.platform-pays-after", "1H", "180D"),
            decimal("coachpay.refund.coach-debt-limit", "1000000"),
            rule("coachpay.billing.tax", value -> Set.of("none", "stripe").contains(value) ? null : "must be none or stripe"),
            duration("coachpay.subscription.grace", "0S", "60D"),
            number("coachpay.credit.open-checkouts", 1, 20),
            decimal("coachpay.credit.largest-adjustment", "1000000"),
            truth("coachpay.credit.products"),
            truth("coachpay.credit.delayed-methods"),
            truth("coachpay.dispute.recover-from-coach"),
            truth("coachpay.payout.hold"),
            number("coachpay.payout.workers", 1, 64),
            duration("coachpay.payout.release-after", "0S", "90D"),
            rule("coachpay.payout.instant-fee",
                    value -> Set.of("coach", "platform").contains(value) ? null : "must be coach or platform"),
            percentage("coachpay.payout.instant-fee-percentage"),
            duration("coachpay.payout.first-pause", "1S", "1D"),
            duration("coachpay.payout.pause-after-failure", "1M", "30D"),
            duration("coachpay.payout.listing-interval", "1M", "1D"),
            duration("coachpay.payout.listing-reach", "1D", "180D"),
            rule("coachpay.inbox.platform-secrets", SettingRules::signingSecrets),
            rule("coachpay.inbox.connect-secrets", SettingRules::signingSecrets),
            duration("coachpay.inbox.tolerance", "1S", "1H"),
            truth("coachpay.inbox.livemode"),
            number("coachpay.inbox.writers", 1, 32),
            number("coachpay.inbox.arrivals-per-write", 1, 1000),
            number("coachpay.inbox.arrivals-waiting", 1, 100_000),
            number("coachpay.inbox.appliers", 1, 16),
            number("coachpay.inbox.events-together", 1, 1000),
            number("coachpay.inbox.events-handed-over", 0, 10_000),
            duration("coachpay.inbox.hand-over-lease", "5S", "1H"),
            number("coachpay.inbox.threads", 1, 128),
            number("coachpay.inbox.batch-size", 1, 10_000),
            duration("coachpay.inbox.poll-interval", "0.05S", "1M"),
            duration("coachpay.inbox.lease", "5S", "1H"),
            number("coachpay.inbox.fetching-threads", 1, 128),
            duration("coachpay.inbox.fetching-lease", "1M", "1H"),
            number("coachpay.inbox.attempts", 1, 100),
            duration("coachpay.inbox.first-pause", "0.1S", "1H"),
            duration("coachpay.inbox.longest-pause", "1S", "7D"),
            duration("coachpay.inbox.foreign-after", "1M", "7D"),
            duration("coachpay.inbox.retention", "1D", "3650D"),
            duration("coachpay.inbox.kept", "90D", "3650D"),
            duration("coachpay.inbox.backfill-overlap", "1M", "30D"),
            number("coachpay.inbox.backfill-workers", 1, 64),
            duration("coachpay.payment.logs-kept", "366D", "3650D"),
            number("coachpay.payment.setups-per-hour", 1, 10_000),
            number("coachpay.payment.declines-per-day", 1, 10_000),
            number("coachpay.payment.methods-kept", 1, 10_000),
            number("coachpay.payment.people-at-one-address", 1, 10_000),
            duration("coachpay.dispute.evidence-kept", "1D", "3650D"),
            duration("coachpay.job.polling-interval", "0.1S", "1M"),
            duration("coachpay.job.quick-interval", "0.1S", "1M"),
            duration("coachpay.job.heartbeat-interval", "1S", "10M"),
            duration("coachpay.job.shutdown-wait", "1S", "10M"));

    private SettingRules() {
    }

    /** One setting: what is wrong with a value that is not blank, or null. */
    private record Rule(String name, Function<String, @Nullable String> complaint) {
    }

    /** Every violation, a sentence for each setting, such as "coachpay.session.hold must be …". */
    static List<String> broken(Config config) {
        List<String> broken = new ArrayList<>();
        for (Rule rule : RULES) {
            value(config, rule.name).map(rule.complaint).ifPresent(complaint -> broken.add(rule.name + " " + complaint));
        }
        if (broken.isEmpty()) {
            inOneMode(config).ifPresent(broken::add);
            inOrder(config, "coachpay.session.shortest-minutes", "coachpay.session.longest-minutes", "15", "480",
                    BigDecimal::new).ifPresent(broken::add);
            inOrder(config, "coachpay.session.hold", "coachpay.session.longest-hold", "30M", "2H",
                    DurationConverter::parseDuration).ifPresent(broken::add);
        }
        return broken;
    }

    /** The names of all settings that have a rule. */
    static List<String> names() {
        return RULES.stream().map(Rule::name).toList();
    }

    private static Optional<String> value(Config config, String name) {
        try {
            return config.getOptionalValue(name, String.class).map(String::strip).filter(value -> !value.isEmpty());
        } catch (NoSuchElementException missing) {
            // It stands for a variable that is not set, which is reported by itself.
            return Optional.empty();
        }
    }

    private static Optional<String> inOneMode(Config config) {
        boolean mixed = value(config, SECRET).map(SettingRules::isLive)
                .flatMap(live -> value(config, PUBLISHABLE).map(other -> isLive(other) != live)).orElse(false);
        return mixed ? Optional.of(SECRET + " and " + PUBLISHABLE + " must both be of test mode, or both of live mode")
                : Optional.empty();
    }

    private static boolean isLive(String key) {
        return key.contains("_live_");
    }

    private static <T extends Comparable<T>> Optional<String> inOrder(Config config, String least, String most,
            String usualLeast, String usualMost, Function<String, T> read) {
        T from = read.apply(value(config, least).orElse(usualLeast));
        T to = read.apply(value(config, most).orElse(usualMost));
        return from.compareTo(to) > 0 ? Optional.of(least + " must not be more than " + most) : Optional.empty();
    }

    // ---- kinds of rules

    private static Rule rule(String name, Function<String, @Nullable String> complaint) {
        return new Rule(name, complaint);
    }

    private static Rule number(String name, int least, int most) {
        return rule(name, value -> {
            BigDecimal number = decimal(value);
            return number != null && number.stripTrailingZeros().scale() <= 0 && isBetween(number, least, most) ? null
                    : "must be a whole number from " + least + " to " + most + ", and not " + value;
        });
    }

    private static Rule percentage(String name) {
        return decimal(name, "100");
    }

    private static Rule decimal(String name, String most) {
        return rule(name, value -> {
            BigDecimal number = decimal(value);
            return number != null && isBetween(number, 0, Integer.parseInt(most)) ? null
                    : "must be a number from 0 to " + most + ", and not " + value;
        });
    }

    private static Rule duration(String name, String least, String most) {
        Duration from = DurationConverter.parseDuration(least);
        Duration to = DurationConverter.parseDuration(most);
        return rule(name, value -> {
            Duration duration = duration(value);
            return duration != null && duration.compareTo(from) >= 0 && duration.compareTo(to) <= 0 ? null
                    : "must be a time from " + least + " to " + most + ", and not " + value;
        });
    }

    private static Rule size(String name, String least, String most) {
        return rule(name, value -> {
            BigInteger size = size(value);
            return size != null && size.compareTo(size(least)) >= 0 && size.compareTo(size(most)) <= 0 ? null
                    : "must be a number of bytes from " + least + " to " + most + ", and not " + value;
        });
    }

    private static Rule truth(String name) {
        return rule(name, value -> Set.of("true", "false").contains(value) ? null : "must be true or false, and not " + value);
    }

    private static boolean isBetween(BigDecimal number, int least, int most) {
        return number.compareTo(BigDecimal.valueOf(least)) >= 0 && number.compareTo(BigDecimal.valueOf(most)) <= 0;
    }

    private static @Nullable BigDecimal decimal(String value) {
        try {
            return new BigDecimal(value);
        } catch (NumberFormatException none) {
            return null;
        }
    }

    private static @Nullable Duration duration(String value) {
        try {
            return DurationConverter.parseDuration(value);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    private static @Nullable BigInteger size(String value) {
        try {
            return new MemorySizeConverter().convert(value).asBigInteger();
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    // ---- rules for values

    private static @Nullable String matches(String value, Pattern form, String complaint) {
        return form.matcher(value).matches() ? null : complaint;
    }

    private static @Nullable String each(String values, Function<String, @Nullable String> complaint) {
        List<String> all = Arrays.stream(values.split(",")).map(String::strip).filter(value -> !value.isEmpty()).toList();
        return all.isEmpty() ? "must name one at least"
                : all.stream().map(complaint).filter(one -> one != null).findFirst().orElse(null);
    }

    private static @Nullable String signingSecrets(String values) {
        return each(values, value -> matches(value, SIGNING_SECRET, "must be signing secrets: whsec_…"));
    }

    private static @Nullable String currency(String code) {
        try {
            StripeCurrencies.of(code);
            return null;
        } catch (MoneyRefused unknown) {
            return "must be currencies that Stripe charges, such as USD,EUR, and not " + code;
        }
    }

    /** An address for browsers: nobody on the way may read or change what they bring. */
    private static @Nullable String address(String value) {
        URI uri = web(value);
        return uri != null && (uri.getScheme().equalsIgnoreCase("https") || THIS_MACHINE.contains(uri.getHost())) ? null
                : "must be an https address, or an http one of this machine, and not " + value;
    }

    private static @Nullable URI web(String value) {
        try {
            URI uri = new URI(value.replace("{CHECKOUT_SESSION_ID}", "x"));
            boolean isWeb = uri.getScheme() != null
                    && Set.of("http", "https").contains(uri.getScheme().toLowerCase(Locale.ROOT))
                    && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getPort() <= HIGHEST_PORT
                    && uri.getPort() != 0;
            return isWeb ? uri : null;
        } catch (URISyntaxException none) {
            return null;
        }
    }
}
