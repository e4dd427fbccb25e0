package io.coachpay.user;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.Validator;

import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Leftovers;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;

/** Puts our id of the person behind a token into the identity, where {@link Access} looks for it. */
@ApplicationScoped
class UserIdentity implements SecurityIdentityAugmentor {

    private final Users users;
    private final Validator validator;

    UserIdentity(Users users, Validator validator) {
        this.users = users;
        this.validator = validator;
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        if (identity.isAnonymous()) {
            return Uni.createFrom().item(identity);
        }
        if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
            return Uni.createFrom().failure(new AuthenticationFailedException("The token names nobody"));
        }
        TokenClaims claims = TokenClaims.of(token, validator);
        @Nullable
        UUID known = users.remembered(claims);
        // Only a person who was not seen lately costs a query, and a thread to wait for it.
        return known != null ? Uni.createFrom().item(with(identity, known))
                : context.runBlocking(() -> signedIn(identity, claims));
    }

    private SecurityIdentity signedIn(SecurityIdentity identity, TokenClaims claims) {
        Leftovers.rollBack();
        return with(identity, users.signIn(claims));
    }

    private static SecurityIdentity with(SecurityIdentity identity, UUID userId) {
        return QuarkusSecurityIdentity.builder(identity).addAttribute(Access.USER_ID, userId).build();
    }
}
