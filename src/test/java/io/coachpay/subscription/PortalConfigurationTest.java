package io.coachpay.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class PortalConfigurationTest {

    private static final Instant NOON = Instant.parse("2030-05-06T12:00:00Z");

    private final PortalConfiguration row = new PortalConfiguration();

    @Test
    void writesAnOfferWithALineForEachProduct() {
        Map<String, List<String>> prices = new LinkedHashMap<>();
        prices.put("prod_2", List.of("price_2", "price_3"));
        prices.put("prod_1", List.of("price_1"));

        assertThat(PortalConfiguration.offer(prices)).isEqualTo("prod_2 price_2 price_3\nprod_1 price_1");
        assertThat(PortalConfiguration.offer(Map.of())).isEmpty();
        assertThat(PortalConfiguration.prices("prod_2 price_2 price_3\nprod_1 price_1")).isEqualTo(prices);
        assertThat(PortalConfiguration.prices("")).isEmpty();
    }

    @Test
    void keepsTheFirstThatStripeMade() {
        assertThat(row.stripeId()).isNull();
        row.link("bpc_1");
        row.link("bpc_2");
        assertThat(row.stripeId()).isEqualTo("bpc_1");

        row.nextAttempt(0);
        row.nextAttempt(0);
        assertThat(row.attempt()).isEqualTo(1);
    }

    @Test
    void isUsedNoMoreOnceSomebodyChangedIt() {
        row.altered(NOON);
        row.altered(NOON.plusSeconds(1));

        assertThat(row.alteredAt()).isEqualTo(NOON);
        assertThat(row.isCurrent()).isFalse();
    }
}
