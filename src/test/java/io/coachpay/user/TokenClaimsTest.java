package io.coachpay.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;

import jakarta.validation.Validation;
import jakarta.validation.Validator;

import org.eclipse.microprofile.jwt.JsonWebToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenClaimsTest {

    private static final Validator VALIDATOR = Validation.buildDefaultValidatorFactory().getValidator();

    @Test
    void takesWhatTheTokenSays() {
        assertThat(of(Map.of("sub", "ann", "email", " ann@example.com ", "name", "Ann Archer")))
                .isEqualTo(new TokenClaims("ann", "ann@example.com", "Ann Archer"));
    }

    /** Directories put login names there. */
    @ParameterizedTest
    @ValueSource(strings = { "bob", "CORP\\bob", "bob@", "", "a b@example.com" })
    void leavesOutWhatCannotBeAnAddress(String email) {
        assertThat(of(Map.of("sub", "bob", "email", email, "name", "Bob"))).isEqualTo(new TokenClaims("bob", null, "Bob"));
    }

    @Test
    void leavesOutWhatCannotBeAName() {
        assertThat(of(Map.of("sub", "bob", "name", "two\nlines")).name()).isNull();
        assertThat(of(Map.of("sub", "bob", "name", "n".repeat(257))).name()).isNull();
    }

    private static TokenClaims of(Map<String, Object> claims) {
        return TokenClaims.of(new Token(claims), VALIDATOR);
    }

    private record Token(Map<String, Object> claims) implements JsonWebToken {

        @Override
        public String getName() {
            return getSubject();
        }

        @Override
        public Set<String> getClaimNames() {
            return claims.keySet();
        }

        @Override
        @SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" }) // as the interface promises
        public <T> T getClaim(String name) {
            return (T) claims.get(name);
        }
    }
}
