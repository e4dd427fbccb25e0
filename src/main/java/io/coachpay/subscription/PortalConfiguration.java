package io.coachpay.subscription;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.stripe.StripeBacked;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/**
 * A configuration of Stripe's billing portal, with the prices offered there. It never changes: another offer is another one.
 */
@Entity
@Table(name = "billing_portal_configurations")
@DynamicUpdate
class PortalConfiguration extends PanacheEntityBase {

    private static final String INSERT = """
            insert into billing_portal_configurations (id, audience, offer, created_at) values (:id, :audience, :offer, :now)
            on conflict (audience, offer) where is_current do nothing""";

    @Id
    private UUID id;
    @Enumerated(EnumType.STRING)
    @Column(name = "audience", updatable = false)
    private Audience audience;
    @Column(updatable = false)
    private String offer;
    @Column(name = "stripe_configuration_id")
    private @Nullable String stripeId;
    @Column(name = "is_current")
    private boolean current;
    @Column(name = "altered_at")
    private @Nullable Instant alteredAt;
    private int attempt;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected PortalConfiguration() {
    }

    /** The configuration with that offer, begun now where there is none. */
    static PortalConfiguration begun(Audience audience, String offer, Instant now) {
        getEntityManager().createNativeQuery(INSERT).setParameter("id", Ids.next()).setParameter("audience", audience.column())
                .setParameter("offer", offer).setParameter("now", now).executeUpdate();
        return PortalConfiguration
                .<PortalConfiguration> find("audience = ?1 and offer = ?2 and current = true", audience, offer)
                .firstResultOptional().orElseThrow(() -> new IllegalStateException("It was inserted, or there before"));
    }

    static @Nullable PortalConfiguration locked(UUID id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    static Optional<PortalConfiguration> byStripeId(String stripeId) {
        return find("stripeId", stripeId).withLock(LockModeType.PESSIMISTIC_WRITE).firstResultOptional();
    }

    /** The offer as it is kept: a line for each product, with its prices. */
    static String offer(Map<String, List<String>> prices) {
        List<String> lines = new ArrayList<>();
        prices.forEach((product, its) -> lines.add(product + " " + String.join(" ", its)));
        return String.join("\n", lines);
    }

    /** The prices of each product, in the order in which they are offered. */
    Map<String, List<String>> prices() {
        return prices(offer);
    }

    static Map<String, List<String>> prices(String offer) {
        Map<String, List<String>> prices = new LinkedHashMap<>();
        offer.lines().map(line -> List.of(line.split(" ")))
                .forEach(words -> prices.put(words.get(0), words.subList(1, words.size())));
        return prices;
    }

    /** Keeps the one that Stripe made; the first one counts. */
    void link(String configuration) {
        stripeId = stripeId == null ? configuration : stripeId;
    }

    /** Spends the key of that attempt, whose answer Stripe would repeat, unless somebody has counted on already. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    /** Records that Stripe does not take it any more: the next visit has another. */
    void gone() {
        current = false;
    }

    /** Records that somebody changed it at Stripe, so that it is not ours any more. */
    void altered(Instant at) {
        current = false;
        alteredAt = alteredAt == null ? at : alteredAt;
    }

    UUID id() {
        return id;
    }

    /** {@code bpc_…}; null until Stripe is known to have it. */
    @Nullable
    String stripeId() {
        return stripeId;
    }

    boolean isCurrent() {
        return current;
    }

    @Nullable
    Instant alteredAt() {
        return alteredAt;
    }

    int attempt() {
        return attempt;
    }

    Instant createdAt() {
        return createdAt;
    }
}
