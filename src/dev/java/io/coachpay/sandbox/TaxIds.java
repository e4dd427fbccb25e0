package io.coachpay.sandbox;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.vertx.core.json.JsonObject;

/**
 * Numbers under which a customer pays taxes. Some authorities say whether they know one; that takes them a minute.
 *
 * @see <a href="https://docs.stripe.com/api/tax_ids">Stripe: tax ids</a>
 */
final class TaxIds {

    /** The types that the sandbox knows, each with the form of its values. */
    private static final Map<String, String> FORMS = Map.of("eu_vat", "[A-Z]{2}[0-9A-Z]{2,12}", "gb_vat",
            "(GB)?\\d{9}(\\d{3})?",
            "us_ein", "\\d{2}-?\\d{7}", "ch_vat", "CHE-?[\\d.]{9,11}( ?(MWST|TVA|IVA))?", "au_abn", "\\d{11}", "ca_bn",
            "\\d{9}",
            "jp_trn", "T\\d{13}");
    private static final Set<String> VERIFIED = Set.of("eu_vat", "gb_vat", "au_abn");
    private static final long VERIFICATION_SECONDS = 60;

    private final State state;
    private final Ids ids;
    private final VirtualClock clock;
    private final Events events;
    private final Customers customers;

    TaxIds(State state, Ids ids, VirtualClock clock, Events events, Customers customers) {
        this.state = state;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.customers = customers;
        clock.define("tax_id.verifies", this::verify);
    }

    void routes(Api api) {
        String path = "/v1/customers/:id/tax_ids";
        api.post(path, "expand[] type! value!", this::create);
        api.get(path, Lists.PARAMETERS, call -> {
            customers.require(call.account(), call.id(), "id");
            return Lists.page(call, state.all(call.account(), "tax_id"), each -> call.id().equals(each.getString("customer")));
        });
        api.get(path + "/:tax", "expand[]", this::find);
        api.delete(path + "/:tax", this::delete);
    }

    private JsonObject find(Call call) {
        JsonObject found = state.get(call.account(), "tax_id", call.variable("tax"));
        if (!call.id().equals(found.getString("customer"))) {
            throw StripeError.noSuch("tax_id", call.variable("tax"));
        }
        return found;
    }

    private JsonObject create(Call call) {
        customers.require(call.account(), call.id(), "id");
        String type = call.parameters().need("type");
        String value = call.parameters().need("value").trim();
        String form = FORMS.get(type);
        if (form == null) {
            throw StripeError.malformed("parameter_invalid_string_enum", "Invalid type: must be one of "
                    + String.join(", ", FORMS.keySet().stream().sorted().toList()), "type");
        }
        if (!value.matches(form)) {
            throw StripeError.invalid("tax_id_invalid", "Invalid value for " + type + ".", "value");
        }
        boolean verified = VERIFIED.contains(type);
        String country = type.equals("eu_vat") ? value.substring(0, 2) : type.substring(0, 2).toUpperCase(Locale.ROOT);
        JsonObject made = Json.object("id", ids.next("txi_"), "object", "tax_id", "country", country, "created",
                clock.seconds(), "customer", call.id(), "customer_account", null, "livemode", false, "owner",
                Json.object("customer", call.id(), "customer_account", null, "type", "customer"), "type", type, "value", value,
                "verification", Json.object("status", verified ? "pending" : "unavailable", "verified_address", null,
                        "verified_name", null));
        state.add(call.account(), made);
        events.send(call.account(), "customer.tax_id.created", made);
        if (verified) {
            clock.schedule(clock.seconds() + VERIFICATION_SECONDS, "tax_id.verifies", made.getString("id"));
        }
        return made;
    }

    /** As with Stripe's own test values: ones are unknown to the authority. */
    private void verify(String id) {
        String account = state.owner(id);
        JsonObject found = account == null ? null : state.find(account, "tax_id", id);
        if (account == null || found == null) {
            return;
        }
        JsonObject before = found.copy();
        boolean known = !found.getString("value").endsWith("111111111");
        found.getJsonObject("verification").put("status", known ? "verified" : "unverified");
        events.sendUpdate(account, "customer.tax_id.updated", found, before);
    }

    private JsonObject delete(Call call) {
        JsonObject found = find(call);
        state.remove(found);
        events.send(call.account(), "customer.tax_id.deleted", found);
        return Json.object("id", found.getString("id"), "object", "tax_id", "deleted", true);
    }
}
