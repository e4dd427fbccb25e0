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

/** Somebody who signed in once. Any user can be a mentee; owning a coach profile makes a coach. */
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
     * The user a token speaks of, made now if nobody has seen it before. Of two first sights at once one inserts; the other
     * waits for it and finds the row.
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

    /** The user with this id; null when there is none that the transaction's role may see. */
    static @Nullable User byId(UUID id) {
        return findById(id);
    }

    /**
     * Takes over what the token says, but only what it says differently from last time: what the person changed here since
     * stays, and also when the token says nothing any more.
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

    /** Gives the person another name, and says whether it is one. */
    boolean rename(@Nullable String to) {
        requireNotErased();
        boolean changed = !Objects.equals(name, to);
        name = to;
        return changed;
    }

    /** Gives the person another e-mail address, and says whether it is one. */
    boolean changeEmail(@Nullable String to) {
        requireNotErased();
        boolean changed = !Objects.equals(email, to);
        email = to;
        return changed;
    }

    /** Stripe was told another name or address, in its dashboard or on one of its pages; what it does not know stays. */
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

    /** Where to write to; null when neither token nor person said. */
    public @Nullable String email() {
        return email;
    }

    /** What to call the person; null when neither token nor person said. */
    public @Nullable String name() {
        return name;
    }

    /** Whether the person asked to be forgotten: the row stays for the books alone. */
    public boolean erased() {
        return erasedAt != null;
    }
}
