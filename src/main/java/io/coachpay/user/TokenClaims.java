package io.coachpay.user;

import jakarta.validation.Validator;

import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

import io.quarkus.security.AuthenticationFailedException;

/**
 * A token's claims about a person.
 *
 * @param subject identifies the person for ever
 * @param email null when the provider leaves it out
 * @param name null when the provider leaves it out
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims">OpenID Connect: standard claims</a>
 */
record TokenClaims(String subject, @Nullable String email, @Nullable String name) {

    private static final int LONGEST_SUBJECT = 255;

    /** @throws AuthenticationFailedException for a token that names nobody (401) */
    static TokenClaims of(JsonWebToken token, Validator validator) {
        String subject = token.getSubject();
        if (subject == null || subject.isBlank() || subject.length() > LONGEST_SUBJECT) {
            throw new AuthenticationFailedException("The token names nobody");
        }
        return new TokenClaims(subject, text(token, "email", validator), text(token, "name", validator));
    }

    /**
     * Drops a text that the person could not enter themselves, since a provider's oddities must not lock anybody out.
     *
     * @param claim named like the field of {@link ProfileChange} whose rules apply
     */
    private static @Nullable String text(JsonWebToken token, String claim, Validator validator) {
        String text = token.getClaim(claim) instanceof String said ? said.strip() : "";
        boolean sayable = !text.isEmpty() && validator.validateValue(ProfileChange.class, claim, text).isEmpty();
        return sayable ? text : null;
    }
}
