package io.coachpay.payment;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.InvalidField;
import io.coachpay.stripe.StripeSettings;
import io.quarkus.runtime.Startup;

/**
 * Checks the addresses to which payers return from Stripe: only configured origins, so that Stripe's page leads to no other
 * site. Outside live mode an origin on this machine may be plain http.
 */
@ApplicationScoped
@Startup
class ReturnAddresses {

    private static final int LONGEST = 2048;
    private static final int HIGHEST_PORT = 65_535;
    /** Stripe replaces it by its page's id. */
    private static final String PLACEHOLDER = "{CHECKOUT_SESSION_ID}";
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> origins;
    private final boolean live;

    ReturnAddresses(@ConfigProperty(name = "coachpay.return-origins") List<String> origins, StripeSettings stripe) {
        this.origins = origins.stream().map(ReturnAddresses::configured).collect(Collectors.toSet());
        this.live = stripe.liveMode();
    }

    /**
     * Returns an address that a client gave, if payers may be sent there.
     *
     * @throws InvalidField when it is not a web address (400)
     * @throws PaymentRefused.ReturnUrlNotAllowed when it is anywhere else (422)
     */
    String checked(String field, String address) {
        URI uri = parsed(address);
        String origin = uri == null || address.length() > LONGEST ? null : origin(uri);
        if (uri == null || origin == null) {
            throw new InvalidField(field, "must be a web address of " + LONGEST + " characters at most");
        }
        boolean safe = origin.startsWith("https:") || !live && THIS_MACHINE.contains(host(uri));
        if (!safe || !origins.contains(origin)) {
            throw new PaymentRefused.ReturnUrlNotAllowed(field, origin);
        }
        return address;
    }

    private static String configured(String origin) {
        URI uri = parsed(origin.strip());
        String normal = uri == null ? null : origin(uri);
        if (uri == null || normal == null || !Set.of("", "/").contains(uri.getRawPath()) || uri.getRawQuery() != null) {
            throw new IllegalStateException(
                    "coachpay.return-origins must be origins, such as https://app.example.com, and not " + origin);
        }
        return normal;
    }

    private static @Nullable URI parsed(String address) {
        try {
            return new URI(address.replace(PLACEHOLDER, "x"));
        } catch (URISyntaxException notOne) {
            return null;
        }
    }

    /** Scheme, host and port as browsers compare them; null for an address that is not a page's, or hides its target. */
    private static @Nullable String origin(URI uri) {
        if (uri.getScheme() == null || uri.getHost() == null || uri.getRawUserInfo() != null) {
            return null;
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : scheme.equals("http") ? 80 : -1;
        int port = uri.getPort() == -1 ? usual : uri.getPort();
        return usual == -1 || port < 1 || port > HIGHEST_PORT ? null : scheme + "://" + host(uri) + ":" + port;
    }

    private static String host(URI uri) {
        return uri.getHost().toLowerCase(Locale.ROOT);
    }
}
