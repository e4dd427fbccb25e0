package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.vertx.core.json.JsonObject;

class PriceTest extends BillingTest {

    @Test
    void makesAPriceThatIsPaidAgainAndAgain() {
        JsonObject price = stripe.get("/v1/prices/" + basic).json();

        assertThat(price.getString("type")).isEqualTo("recurring");
        assertThat(price.getJsonObject("recurring").getString("interval")).isEqualTo("month");
        assertThat(price.getString("unit_amount_decimal")).isEqualTo("1000");
        assertThat(lastEvent("price.created").getJsonObject("object").getString("id")).isEqualTo(pro);
    }

    @Test
    void makesThePricesProductBesideIt() {
        JsonObject price = stripe.post("/v1/prices", "product_data[name]", "Book", "currency", "eur", "unit_amount", 500)
                .json();

        assertThat(price.getString("type")).isEqualTo("one_time");
        assertThat(price.getValue("recurring")).isNull();
        assertThat(stripe.get("/v1/products/" + price.getString("product")).json().getString("name")).isEqualTo("Book");
    }

    @Test
    void changesAllOfAPriceButItsAmount() {
        JsonObject changed = stripe.post("/v1/prices/" + basic, "active", "false", "metadata[tier]", "1", "tax_behavior",
                "exclusive").json();

        assertThat(changed.getBoolean("active")).isFalse();
        assertThat(lastEvent("price.updated").getJsonObject("previous_attributes").getBoolean("active")).isTrue();
        assertThat(stripe.post("/v1/prices/" + basic, "unit_amount", 1).error().getString("code"))
                .isEqualTo("parameter_unknown");
        assertThat(stripe.post("/v1/prices/" + basic, "tax_behavior", "inclusive").error().getString("param"))
                .isEqualTo("tax_behavior");
        assertThat(subscribe(basic).error().getString("message")).contains("inactive");
    }

    @Test
    void listsPrices() {
        stripe.post("/v1/prices/" + pro, "active", "false", "lookup_key", "pro");

        assertThat(list("/v1/prices?product=" + product)).hasSize(2);
        assertThat(list("/v1/prices?active=true&recurring[interval]=month")).hasSize(1);
        assertThat(list("/v1/prices?lookup_keys[]=pro")).hasSize(1);
        assertThat(list("/v1/prices?type=one_time")).isEmpty();
    }

    @Test
    void givesALookupKeyToOnePriceAlone() {
        stripe.post("/v1/prices/" + pro, "lookup_key", "plan");

        StripeClient.Reply taken = stripe.post("/v1/prices/" + basic, "lookup_key", "plan");
        stripe.post("/v1/prices/" + basic, "lookup_key", "plan", "transfer_lookup_key", "true");

        assertThat(taken.status()).isEqualTo(400);
        assertThat(stripe.get("/v1/prices/" + pro).json().getValue("lookup_key")).isNull();
        assertThat(stripe.get("/v1/prices/" + basic).json().getString("lookup_key")).isEqualTo("plan");
    }

    @ParameterizedTest
    @CsvSource({ "currency=usd&product_data[name]=A, parameter_missing, unit_amount",
            "currency=usd&unit_amount=-1&product_data[name]=A, parameter_invalid_integer, unit_amount",
            "currency=usd&unit_amount=1&product=prod_none, resource_missing, product",
            "currency=usd&unit_amount=1&product_data[name]=A&recurring[interval]=decade, parameter_invalid_string_enum, "
                    + "recurring[interval]",
            "currency=usd&unit_amount=1&product_data[name]=A&recurring[interval]=year&recurring[interval_count]=4, "
                    + "parameter_invalid_integer, recurring[interval_count]" })
    void refusesAsStripeDoes(String form, String code, String param) {
        StripeClient.Reply refused = stripe.send("POST", "/v1/prices", "application/x-www-form-urlencoded", form);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("code")).isEqualTo(code);
        assertThat(refused.error().getString("param")).isEqualTo(param);
    }

    @Test
    void deletesOnlyAProductWithoutPrices() {
        String empty = stripe.post("/v1/products", "name", "Empty").id();

        assertThat(stripe.delete("/v1/products/" + product).status()).isEqualTo(400);
        assertThat(stripe.delete("/v1/products/" + empty).json().getBoolean("deleted")).isTrue();
        assertThat(stripe.get("/v1/products/" + empty).status()).isEqualTo(404);
        assertThat(events("product.deleted")).hasSize(1);
    }
}
