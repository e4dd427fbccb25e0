package io.coachpay.payment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.access.Rows;
import io.coachpay.stripe.StripePaymentIntent;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts setups and refused cards, so that nobody tries stolen numbers here: those of a person, of one card
 * by all people together, and those from one address. It counts rows, never requests, so that each fact counts once.
 */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
class CardLimitBooks {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private static final String DECLINED = """
            insert into card_declines (id, user_id, stripe_id, fingerprint, client_address, created_at)
            values (?, ?, ?, ?, ?, ?) on conflict (stripe_id) do update
               set client_address = coalesce(card_declines.client_address, excluded.client_address)""";

    /** The one that fills the limit: as soon as it is old enough, another is taken. */
    private static final String FULL = "select created_at from %s where %s = ? and created_at > ? order by created_at desc"
            + " offset ? limit 1";

    /** Whether a person paid with a card, or had saved it before anybody else's refusal counted for it. */
    private static final String OWN = """
            select 1 from payment_methods m where m.user_id = ? and m.fingerprint = ?
               and (not exists (select from card_declines d where d.fingerprint = m.fingerprint and d.user_id <> m.user_id
                      and d.created_at > ? and d.created_at <= m.created_at)
                 or exists (select from transactions t where t.payer_id = m.user_id
                      and t.stripe_payment_method_id = m.stripe_payment_method_id and t.completed_at is not null)) limit 1""";

    private static final String END = """
            update payment_method_setups set check_at = ? where id in (
              select s.id from payment_method_setups s
               where s.check_at > ? and s.user_id in (
                 select d.user_id from card_declines d where d.created_at > ? group by d.user_id having count(*) >= ?)
               order by s.check_at limit ? for update skip locked)""";

    private final Rows rows;
    private final PaymentSettings settings;
    private final MeterRegistry metrics;
    private final Clock clock;

    CardLimitBooks(DataSource database, PaymentSettings settings, MeterRegistry metrics, Clock clock) {
        this.rows = new Rows(database);
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** The id under which a refused attempt counts, by whatever way it is reported: the charge's, where there was one. */
    static String attempt(String intent, StripePaymentIntent.LastError error) {
        return error.chargeId() == null ? attempt(intent, error.paymentMethodId()) : error.chargeId();
    }

    /** The id of an attempt without a charge: the method that was tried, which is another one each time it is entered. */
    static String attempt(String intent, @Nullable String method) {
        return method == null ? intent : intent + "_" + method;
    }

    /**
     * Counts a refused card; the same refusal counts once, however often it is reported. The first report that knows an
     * address gives it one.
     *
     * @param stripeId the attempt's id
     * @param fingerprint of the card; null where it is unknown
     * @param address where the person asked from; null where it is unknown
     */
    void declined(UUID user, String stripeId, @Nullable String fingerprint, @Nullable String address) {
        rows.update(DECLINED, Ids.next(), user, stripeId, fingerprint, address, clock.instant());
    }

    /** Counts a refused card, and withholds the reason from somebody who may be trying out cards. */
    DeclineReason declined(UUID user, String stripeId, @Nullable String fingerprint, @Nullable String address,
            DeclineReason because) {
        declined(user, stripeId, fingerprint, address);
        return isSuspicious(user, fingerprint) ? because.withhold() : because;
    }

    /**
     * Refuses another setup where there were too many, of this person or from this address, or too many refused cards.
     *
     * @throws PaymentRefused.TooManyCards until later (429)
     */
    void requireSetup(UUID user, @Nullable String address) {
        require("setups", "user", "payment_method_setups", "user_id", user, HOUR, settings.setupsPerHour());
        require("setups", "address", "payment_method_setups", "client_address", address, HOUR,
                settings.setupsPerHour() * settings.peopleAtOneAddress());
        requireAttempt(user, null, address);
    }

    /**
     * Refuses another try where too many cards were refused: of this person, this card, or from this address.
     *
     * @param fingerprint of the card; null where it is yet to be entered
     * @throws PaymentRefused.TooManyCards until later (429)
     */
    void requireAttempt(UUID user, @Nullable String fingerprint, @Nullable String address) {
        require("declines", "user", "card_declines", "user_id", user, DAY, settings.declinesPerDay());
        if (!owns(user, fingerprint)) {
            require("declines", "card", "card_declines", "fingerprint", fingerprint, DAY, settings.declinesPerDay());
        }
        require("declines", "address", "card_declines", "client_address", address, DAY,
                settings.declinesPerDay() * settings.peopleAtOneAddress());
    }

    /** Whether half of the refusals of a day have been used, so that the next one's reason is not told. */
    boolean isSuspicious(UUID user, @Nullable String fingerprint) {
        int half = settings.declinesPerDay() / 2;
        Instant since = clock.instant().minus(DAY);
        return filled("card_declines", "user_id", user, since, half + 1) != null
                || filled("card_declines", "fingerprint", fingerprint, since, half + 1) != null && !owns(user, fingerprint);
    }

    /**
     * Has the forms and pages ended on which people with a full limit may still try cards.
     *
     * @param from those that are due by then are left alone: they are about to be ended, or Stripe did not end them
     * @param most so many of them
     */
    void endSetups(Instant from, int most) {
        Instant now = clock.instant();
        rows.update(END, now, from, now.minus(DAY), settings.declinesPerDay(), most);
    }

    /** Whether a card is this person's, whatever others do with its number: strangers must not lock its owner out. */
    private boolean owns(UUID user, @Nullable String fingerprint) {
        return fingerprint != null
                && !rows.query(OWN, row -> true, user, fingerprint, clock.instant().minus(DAY)).isEmpty();
    }

    private void require(String limit, String of, String table, String column, @Nullable Object value, Duration window,
            int most) {
        Instant full = filled(table, column, value, clock.instant().minus(window), most);
        if (full != null) {
            metrics.counter("coachpay.card.limits", "limit", limit, "of", of).increment();
            throw new PaymentRefused.TooManyCards(Duration.between(clock.instant(), full.plus(window)));
        }
    }

    private @Nullable Instant filled(String table, String column, @Nullable Object value, Instant since, int most) {
        if (value == null) {
            return null;
        }
        List<Instant> full = rows.query(FULL.formatted(table, column), row -> Rows.instant(row, "created_at"), value, since,
                most - 1);
        return full.isEmpty() ? null : full.get(0);
    }
}
