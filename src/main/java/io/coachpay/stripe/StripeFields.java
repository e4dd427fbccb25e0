package io.coachpay.stripe;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.money.StripeAmounts;

/**
 * Reads the fields of one of Stripe's objects so that its API version does not matter: a missing field is null, a reference is
 * an id whether or not it was expanded. Only fields that an object cannot be without are required.
 */
record StripeFields(JsonNode json) {

    /** @throws UnreadableStripeObject if this is not an object of that kind, or has no id */
    static StripeFields of(JsonNode json, String kind) {
        if (!json.isObject() || !json.path("object").asText(kind).equals(kind)) {
            throw new UnreadableStripeObject("Expected a " + kind + " and got " + json.path("object").asText("something else"));
        }
        StripeFields fields = new StripeFields(json);
        fields.required("id");
        return fields;
    }

    StripeFields at(String field) {
        return new StripeFields(json.path(field));
    }

    boolean isPresent() {
        return json.isObject();
    }

    @Nullable
    String text(String field) {
        JsonNode value = json.path(field);
        return value.isTextual() ? value.textValue() : null;
    }

    String text(String field, String otherwise) {
        String value = text(field);
        return value == null ? otherwise : value;
    }

    String required(String field) {
        String value = text(field);
        if (value == null || value.isEmpty()) {
            throw new UnreadableStripeObject(json.path("object").asText("object") + " without " + field);
        }
        return value;
    }

    /** The id of a reference, expanded or not. */
    @Nullable
    String reference(String field) {
        JsonNode value = json.path(field);
        return value.isObject() ? at(field).text("id") : text(field);
    }

    boolean flag(String field) {
        return json.path(field).asBoolean(false);
    }

    @Nullable
    Integer number(String field) {
        JsonNode value = json.path(field);
        return value.isInt() ? value.intValue() : null;
    }

    @Nullable
    BigDecimal decimal(String field) {
        JsonNode value = json.path(field);
        return value.isNumber() ? value.decimalValue() : null;
    }

    @Nullable
    Instant instant(String field) {
        JsonNode value = json.path(field);
        return value.canConvertToLong() && value.isNumber() ? Instant.ofEpochSecond(value.longValue()) : null;
    }

    /** When the object was created, which nearly every object tells; the few that do not count as very old. */
    Instant created() {
        Instant created = instant("created");
        return created == null ? Instant.EPOCH : created;
    }

    /** An amount in the object's own currency, null if it is missing. */
    @Nullable
    Money money(String field) {
        return money(field, text("currency"));
    }

    @Nullable
    Money money(String field, @Nullable String currency) {
        JsonNode value = json.path(field);
        return value.isIntegralNumber() && currency != null ? StripeAmounts.fromStripe(value.longValue(), currency) : null;
    }

    Money requiredMoney(String field) {
        Money money = money(field);
        if (money == null) {
            throw new UnreadableStripeObject(text("object", "object") + " " + text("id", "") + " without " + field);
        }
        return money;
    }

    /** An amount that older versions leave out when it is zero. */
    Money moneyOrZero(String field, Money like) {
        Money money = money(field, StripeAmounts.code(like.getCurrencyUnit()));
        return money == null ? Money.zero(like.getCurrencyUnit()) : money;
    }

    Map<String, String> metadata() {
        return texts("metadata");
    }

    /** A map of texts, empty if it is missing. */
    Map<String, String> texts(String field) {
        Map<String, String> texts = new LinkedHashMap<>();
        json.path(field).properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return Map.copyOf(texts);
    }

    /** An array of texts, empty if it is missing. */
    List<String> list(String field) {
        List<String> texts = new ArrayList<>();
        json.path(field).forEach(value -> texts.add(value.asText()));
        return List.copyOf(texts);
    }

    /** The objects of a list that is part of this object; see {@link #isWhole}. */
    List<JsonNode> data(String field) {
        List<JsonNode> objects = new ArrayList<>();
        json.path(field).path("data").forEach(objects::add);
        return objects;
    }

    /** Whether the list is there and holds all there is. */
    boolean isWhole(String field) {
        JsonNode list = json.path(field);
        return list.isObject() && !list.path("has_more").asBoolean(false);
    }
}
