package io.coachpay.user;

import java.time.Duration;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.quarkus.security.AuthenticationFailedException;

/** The door to people. */
@ApplicationScoped
public class Users {

    private static final int REMEMBERED_AT_MOST = 10_000;
    /** The time for which an instance may keep accepting a person whom another instance has erased. */
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(1);

    private final Access access;
    private final CustomerBooks customers;
    private final CustomersAtStripe atStripe;
    private final Cache<TokenClaims, UUID> seenLately = Caffeine.newBuilder().maximumSize(REMEMBERED_AT_MOST)
            .expireAfterWrite(REMEMBERED_FOR).build();

    Users(Access access, CustomerBooks customers, CustomersAtStripe atStripe) {
        this.access = access;
        this.customers = customers;
        this.atStripe = atStripe;
    }

    /** The person of a token, if it said exactly the same a moment ago. */
    @Nullable
    UUID remembered(TokenClaims claims) {
        return seenLately.getIfPresent(claims);
    }

    /**
     * Our id of the person of a valid token, created on first sight. Claims that changed since the last token are taken over,
     * and go to Stripe later.
     *
     * @throws AuthenticationFailedException for a person who was erased (401)
     */
    UUID signIn(TokenClaims claims) {
        UUID id = access.asService(() -> {
            User user = User.seen(claims);
            if (user.erased()) {
                throw new AuthenticationFailedException("This account was erased");
            }
            if (user.apply(claims)) {
                customers.ownerChanged(user);
            }
            return user.id();
        });
        seenLately.put(claims, id);
        return id;
    }

    /** Changes name or e-mail of the signed-in person, here and at Stripe; Stripe may follow later. */
    public void change(ProfileChange change) {
        UUID userId = access.userId();
        boolean goesToStripe = access.asService(() -> {
            User user = User.byId(userId);
            if (user == null || user.erased()) {
                throw new NotFound("user");
            }
            boolean renamed = change.name() != null && user.rename(change.name().strip());
            boolean moved = change.email() != null && user.changeEmail(change.email().strip());
            return (renamed || moved) && customers.ownerChanged(user);
        });
        if (goesToStripe) {
            atStripe.push(userId);
        }
    }
}
