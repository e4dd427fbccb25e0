package io.coachpay.user;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Parameters;

/** A person who has signed in once. Any user can be a mentee; a coach profile makes a coach. */
@Entity
@Table(name = "users")
@DynamicUpdate
public class User extends PanacheEntityBase {

    private static final String INSERT = """
            insert into users (id, oidc_subject, email, name, token_email, token_name)
            values (:id, :subject, :email, :name, :email, :name) on conflict (oidc_subject) do nothing""";

    @Id
    private UUID id;
    @Column(name = "oidc_subject", updatable = false)
    private String subject;
    private @Nullable String email;
    private @Nullable String name;
    @Column(name = "token_email")
    private @Nullable String tokenEmail;
    @Column(name = "token_name")
    private @Nullable String tokenName;
    @Column(name = "erased_at")
    private @Nullable Instant erasedAt;

    @SuppressWarnings("NullAway.Init")
    protected User() {
    }

    /**
     * Finds the user of a token or inserts it. Of two first requests at once one inserts; the other waits for it and finds the
     * row.
     */
    static User seen(TokenClaims claims) {
        User known = bySubject(claims.subject());
        if (known != null) {
            return known;
        }
        getEntityManager().createNativeQuery(INSERT).setParameter("id", Ids.next())
                .setParameter("subject", claims.subject()).setParameter("email", claims.email())
                .setParameter("name", claims.name()).executeUpdate();
        return Objects.requireNonNull(bySubject(claims.subject()), "A user was inserted or was there before");
    }

    private static @Nullable User bySubject(String subject) {
        return find("subject = :subject", Parameters.with("subject", subject)).firstResult();
    }

    /** Finds the user; null if there is none that the role of the database transaction sees. */
    static @Nullable User byId(UUID id) {
        return findById(id);
    }

    /** The person's e-mail address as it is now; null without one. */
    public static @Nullable String emailOf(UUID id) {
        User user = byId(id);
        return user == null ? null : user.email;
    }

    /**
     * Applies what the token says differently from the last one. What the person changed here since stays, also when the token
     * no longer says anything.
     *
     * @return whether name or e-mail changed
     */
    boolean apply(TokenClaims claims) {
        boolean changed = false;
        if (!Objects.equals(tokenEmail, claims.email())) {
            boolean own = claims.email() == null && !Objects.equals(email, tokenEmail);
            tokenEmail = claims.email();
            changed |= !own && changeEmail(claims.email());
        }
        if (!Objects.equals(tokenName, claims.name())) {
            boolean own = claims.name() == null && !Objects.equals(name, tokenName);
            tokenName = claims.name();
            changed |= !own && rename(claims.name());
        }
        return changed;
    }

    /** Sets the name, and answers whether it changed. */
    boolean rename(@Nullable String to) {
        requireNotErased();
        boolean changed = !Objects.equals(name, to);
        name = to;
        return changed;
    }

    /** Sets the e-mail address, and answers whether it changed. */
    boolean changeEmail(@Nullable String to) {
        requireNotErased();
        boolean changed = !Objects.equals(email, to);
        email = to;
        return changed;
    }

    /** Applies a name or address entered in Stripe's dashboard or on one of its pages; what Stripe does not know stays. */
    void hear(@Nullable String theirEmail, @Nullable String theirName) {
        if (theirEmail != null) {
            changeEmail(theirEmail);
        }
        if (theirName != null) {
            rename(theirName);
        }
    }

    private void requireNotErased() {
        if (erasedAt != null) {
            throw new IllegalStateException("A person who was erased has no name and no address any more");
        }
    }

    /** Our id of the person. */
    public UUID id() {
        return id;
    }

    /** The e-mail address; null if neither token nor person gave one. */
    public @Nullable String email() {
        return email;
    }

    /** The name; null if neither token nor person gave one. */
    public @Nullable String name() {
        return name;
    }

    /** Whether the person was erased: the row stays for the books alone. */
    public boolean erased() {
        return erasedAt != null;
    }
}
