package io.coachpay.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;

class ClientAddressTest {

    @Test
    void believesTheConnectionWhereClientsConnectDirectly() {
        assertThat(behind(0).of("203.0.113.7", List.of("198.51.100.1"))).isEqualTo("203.0.113.7");
    }

    @Test
    void believesWhatTheProxiesAppendedAndNothingBefore() {
        List<String> forged = List.of("1.1.1.1, 2.2.2.2", "203.0.113.7, 10.0.0.1");

        assertThat(behind(1).of("10.0.0.2", forged)).isEqualTo("10.0.0.1");
        assertThat(behind(2).of("10.0.0.2", forged)).isEqualTo("203.0.113.7");
    }

    @Test
    void knowsNothingWhereTheProxiesSaidLess() {
        assertThat(behind(2).of("10.0.0.2", List.of("203.0.113.7"))).isNull();
        assertThat(behind(1).of("10.0.0.2", List.of())).isNull();
        assertThat(behind(1).of("10.0.0.2", List.of("a name"))).isNull();
        assertThat(behind(1).of("10.0.0.2", List.of("localhost"))).isNull();
        assertThat(behind(1).of("10.0.0.2", List.of("dead.beef"))).isNull();
    }

    @Test
    void countsTheNetworkOfAnIpv6Address() {
        assertThat(behind(0).of("2001:db8:1:2:3:4:5:6", List.of())).isEqualTo("2001:db8:1:2:0:0:0:0/64");
        assertThat(behind(0).of("::ffff:203.0.113.7", List.of())).isEqualTo("203.0.113.7");
    }

    private static ClientAddress behind(int proxies) {
        return new ClientAddress(new CurrentVertxRequest(), OptionalInt.of(proxies));
    }
}
