package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.vertx.core.json.JsonObject;

class ProductTest extends SandboxTest {

    @Test
    void makesAProductAndTellsOfIt() {
        JsonObject product = stripe.post("/v1/products", "name", "Pro", "metadata[coachpay_id]", "p1").json();

        assertThat(product.getString("id")).startsWith("prod_");
        assertThat(product.getString("name")).isEqualTo("Pro");
        assertThat(product.getBoolean("active")).isTrue();
        assertThat(stripe.get("/v1/products/" + product.getString("id")).json()).isEqualTo(product);
        assertThat(events("product.created")).singleElement()
                .satisfies(event -> assertThat(event.getJsonObject("object")).isEqualTo(product));
    }

    @Test
    void renamesAProductAndTellsWhatItWas() {
        String id = made("Pro");

        JsonObject renamed = stripe.post("/v1/products/" + id, "name", "Professional").json();
        stripe.post("/v1/products/" + id, "name", "Professional");

        assertThat(renamed.getString("name")).isEqualTo("Professional");
        assertThat(events("product.updated")).singleElement().satisfies(
                event -> assertThat(event.getJsonObject("previous_attributes").getString("name")).isEqualTo("Pro"));
    }

    @Test
    void makesOneProductUnderOneKey() {
        StripeClient keyed = stripe.with("Idempotency-Key", "package:1:create-product:1");

        String first = keyed.post("/v1/products", "name", "Pro").id();
        String second = keyed.post("/v1/products", "name", "Pro").id();
        StripeClient.Reply other = keyed.post("/v1/products", "name", "Another");

        assertThat(second).isEqualTo(first);
        assertThat(other.error().getString("type")).isEqualTo("idempotency_error");
        assertThat(stripe.get("/v1/products").json().getJsonArray("data")).hasSize(1);
    }

    @Test
    void listsAndFindsProducts() {
        String pro = made("Pro");
        String old = made("Old");
        stripe.post("/v1/products/" + old, "active", "false");

        assertThat(ids("/v1/products")).containsExactly(old, pro);
        assertThat(ids("/v1/products?active=true")).containsExactly(pro);
        assertThat(ids("/v1/products?ids[]=" + old)).containsExactly(old);
        assertThat(ids("/v1/products?created[gt]=99999999999")).isEmpty();
        assertThat(ids("/v1/products/search?query=name:'Pro'")).containsExactly(pro);
    }

    @ParameterizedTest
    @CsvSource({ "/v1/products,, 400, parameter_missing, name", "/v1/products, name=Pro&price=1, 400, parameter_unknown, price",
            "/v1/products, name=Pro&active=yes, 400, parameter_invalid_boolean, active",
            "/v1/products/prod_unknown, name=Pro, 404, resource_missing, id" })
    void refusesAsStripeDoes(String path, String form, int status, String code, String param) {
        StripeClient.Reply refused = stripe.send("POST", path, "application/x-www-form-urlencoded", form == null ? "" : form);

        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.error().getString("code")).isEqualTo(code);
        assertThat(refused.error().getString("param")).isEqualTo(param);
    }

    @Test
    void keepsNoProductWithoutAName() {
        String id = made("Pro");

        StripeClient.Reply emptied = stripe.post("/v1/products/" + id, "name", "");

        assertThat(emptied.error().getString("code")).isEqualTo("parameter_invalid_empty");
        assertThat(stripe.get("/v1/products/" + id).json().getString("name")).isEqualTo("Pro");
    }

    @Test
    void sellsAProduct() {
        String id = made("Pro <33 credits>");

        StripeClient.Reply session = session("product", id);

        assertThat(session.status()).isEqualTo(200);
        JsonObject item = stripe.get("/v1/checkout/sessions/" + session.id() + "/line_items").json().getJsonArray("data")
                .getJsonObject(0);
        assertThat(item.getString("description")).isEqualTo("Pro <33 credits>");
        assertThat(item.getJsonObject("price").getString("product")).isEqualTo(id);
        assertThat(stripe.send("GET", "/c/pay/" + session.id(), null, null).response().body())
                .contains("1 × Pro &lt;33 credits&gt;", "30.00 USD");
    }

    @Test
    void sellsNoProductThatIsNotThere() {
        String inactive = made("Old");
        stripe.post("/v1/products/" + inactive, "active", "false");

        for (String product : new String[] { "prod_unknown", inactive, "" }) {
            StripeClient.Reply refused = session("product", product);

            assertThat(refused.status()).as(product).isEqualTo(400);
            assertThat(refused.error().getString("param")).isEqualTo("line_items[0][price_data][product]");
        }
        assertThat(session("product", "prod_unknown").error().getString("code")).isEqualTo("resource_missing");
    }

    @Test
    void sellsEitherAProductOrOneThatIsMadeForIt() {
        String id = made("Pro");

        assertThat(session("product", id, "product_data][name", "Pro").status()).isEqualTo(400);
        assertThat(session().status()).isEqualTo(400);
        assertThat(session("product_data][name", "Pro").status()).isEqualTo(200);
    }

    private String made(String name) {
        return stripe.post("/v1/products", "name", name).id();
    }

    private List<String> ids(String path) {
        return Json.objects(stripe.get(path).json().getJsonArray("data")).stream().map(each -> each.getString("id")).toList();
    }

    private List<JsonObject> events(String type) {
        return Json.objects(stripe.get("/v1/events?type=" + type).json().getJsonArray("data")).stream()
                .map(event -> event.getJsonObject("data")).toList();
    }

    /** Sells for 30.00 what these parameters of the price say. */
    private StripeClient.Reply session(String... product) {
        Object[] form = { "mode", "payment", "success_url", "http://localhost/done", "line_items[0][quantity]", 1,
                "line_items[0][price_data][currency]", "usd", "line_items[0][price_data][unit_amount]", 3000 };
        Object[] all = Arrays.copyOf(form, form.length + product.length);
        for (int i = 0; i < product.length; i++) {
            all[form.length + i] = i % 2 == 0 ? "line_items[0][price_data][" + product[i] + "]" : product[i];
        }
        return stripe.post("/v1/checkout/sessions", all);
    }
}
