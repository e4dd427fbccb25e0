package io.coachpay.user;

import jakarta.validation.Validator;

import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

import io.quarkus.security.AuthenticationFailedException;

/**
 * What a token says about a person.
 *
 * @param subject who it is, for ever
 * @param email null when the provider does not tell
 * @param name null when the provider does not tell
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
     * A provider's oddities must not keep anybody out: what a person could not say of themselves is as if it were not said.
     *
     * @param claim named like the field of {@link ProfileChange} whose rules it follows
     */
    private static @Nullable String text(JsonWebToken token, String claim, Validator validator) {
        String text = token.getClaim(claim) instanceof String said ? said.strip() : "";
        boolean sayable = !text.isEmpty() && validator.validateValue(ProfileChange.class, claim, text).isEmpty();
        return sayable ? text : null;
    }
}
