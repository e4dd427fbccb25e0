package io.coachpay.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;

import io.netty.util.NetUtil;
import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Tells where a request comes from, as far as operators say who can be believed ({@code coachpay.http.proxies}). A client can
 * write what it likes into {@code X-Forwarded-For}; the proxies in front of the service append to that.
 */
@ApplicationScoped
public class ClientAddress {

    /** A network of one client: within it an IPv6 address changes at will. */
    private static final int IPV6_NETWORK_BYTES = 8;

    private final CurrentVertxRequest current;
    private final OptionalInt proxies;

    @Inject
    ClientAddress(CurrentVertxRequest current, HttpSettings settings) {
        this(current, settings.proxies());
    }

    ClientAddress(CurrentVertxRequest current, OptionalInt proxies) {
        this.current = current;
        this.proxies = proxies;
    }

    /** The address of the caller, an IPv6 one's network; null where it is unknown, or this is no request. */
    public @Nullable String ofCaller() {
        if (proxies.isEmpty() || !Arc.container().requestContext().isActive()) {
            return null;
        }
        RoutingContext routed = current.getCurrent();
        if (routed == null) {
            return null;
        }
        HttpServerRequest request = routed.request();
        return of(request.remoteAddress().hostAddress(), request.headers().getAll("X-Forwarded-For"));
    }

    /**
     * The client's address.
     *
     * @param connection the address at the other end of the connection
     * @param forwarded the values of {@code X-Forwarded-For}
     */
    @Nullable
    String of(@Nullable String connection, List<String> forwarded) {
        int many = proxies.orElse(0);
        if (many == 0) {
            return normal(connection);
        }
        List<String> hops = forwarded.stream().flatMap(value -> Arrays.stream(value.split(",", -1))).map(String::strip)
                .toList();
        return hops.size() < many ? null : normal(hops.get(hops.size() - many));
    }

    private static @Nullable String normal(@Nullable String address) {
        // Anything else would be looked up as a name.
        if (address == null || !NetUtil.isValidIpV4Address(address) && !NetUtil.isValidIpV6Address(address)) {
            return null;
        }
        try {
            InetAddress parsed = InetAddress.getByName(address);
            return parsed instanceof Inet6Address ? network(parsed.getAddress()) : parsed.getHostAddress();
        } catch (UnknownHostException none) {
            return null;
        }
    }

    private static String network(byte[] address) {
        byte[] network = Arrays.copyOf(Arrays.copyOf(address, IPV6_NETWORK_BYTES), address.length);
        try {
            return InetAddress.getByAddress(network).getHostAddress() + "/64";
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("An address has as many bytes as before", impossible);
        }
    }
}
