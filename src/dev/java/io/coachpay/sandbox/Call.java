package io.coachpay.sandbox;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One request to the API, on its way to an operation.
 *
 * @param account the owner of the objects: {@link State#PLATFORM}, or the account of {@code Stripe-Account}
 * @param path as requested, without its query
 * @param variables the ids in the path
 */
record Call(String account, String path, Map<String, String> variables, Parameters parameters, String requestId,
        @Nullable String idempotencyKey) {

    String id() {
        return variable("id");
    }

    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    boolean asPlatform() {
        return account.equals(State.PLATFORM);
    }
}
