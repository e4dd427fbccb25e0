package io.coachpay.coach;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.money.StripeCurrencies;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Parameters;

/** A coach's terms and earnings. The three earnings are the ledger's: nothing here moves them. */
@Entity
@Table(name = "coach_profiles")
@DynamicUpdate
public class CoachProfile extends PanacheEntityBase {

    private static final String HOLD = "select id from coach_profiles where user_id in ?1 order by user_id for no key update";
    private static final String INSERT = """
            insert into coach_profiles (id, user_id, headline, hourly_rate, currency, time_zone, payout_schedule, minimum_payout)
            values (:id, :user, :headline, :rate, :currency, :zone, :schedule, :minimum) on conflict (user_id) do nothing""";

    @Id
    private UUID id;
    @Column(name = "user_id", updatable = false)
    private UUID userId;
    private @Nullable String headline;
    @Column(name = "hourly_rate", precision = 19, scale = 4)
    private BigDecimal hourlyRate;
    @JdbcTypeCode(SqlTypes.CHAR)
    @Column(length = 3)
    private String currency;
    @Column(name = "time_zone")
    private String timeZone;
    @Enumerated(EnumType.STRING)
    @Column(name = "payout_schedule")
    private PayoutSchedule payoutSchedule;
    @Column(name = "platform_fee_percentage", precision = 5, scale = 2)
    private BigDecimal platformFeePercentage;
    @Column(name = "minimum_payout", precision = 19, scale = 4)
    private BigDecimal minimumPayout;
    @Column(name = "total_earnings", precision = 19, scale = 4, insertable = false, updatable = false)
    private BigDecimal totalEarnings;
    @Column(name = "available_balance", precision = 19, scale = 4, insertable = false, updatable = false)
    private BigDecimal availableBalance;
    @Column(name = "pending_balance", precision = 19, scale = 4, insertable = false, updatable = false)
    private BigDecimal pendingBalance;

    @SuppressWarnings("NullAway.Init")
    protected CoachProfile() {
    }

    /** Sets the terms of the user's profile, which is inserted if there is none. */
    static CoachProfile put(UUID userId, Terms terms) {
        CoachProfile known = ofUser(userId);
        if (known == null) {
            getEntityManager().createNativeQuery(INSERT).setParameter("id", Ids.next()).setParameter("user", userId)
                    .setParameter("headline", terms.headline())
                    .setParameter("rate", terms.hourlyRate().getAmount())
                    .setParameter("currency", terms.hourlyRate().getCurrencyUnit().getCode())
                    .setParameter("zone", terms.timeZone().getId())
                    .setParameter("schedule", terms.payoutSchedule().column)
                    .setParameter("minimum", terms.minimumPayout().getAmount()).executeUpdate();
            known = Objects.requireNonNull(ofUser(userId), "A row was inserted or was there before");
        }
        known.agree(terms);
        return known;
    }

    /**
     * Locks the profile until the database transaction ends, so that no other worker decides about the coach's money. The
     * ledger locks this row before any of the coach's accounts. Foreign keys to it do not wait.
     */
    public static void hold(UUID coach) {
        hold(Set.of(coach));
    }

    /** Holds the profiles of those who have one, in the ledger's order. */
    public static void hold(Set<UUID> people) {
        getEntityManager().createNativeQuery(HOLD).setParameter(1, people).getResultList();
    }

    /** Finds the user's profile; null unless a coach. */
    public static @Nullable CoachProfile ofUser(UUID userId) {
        return find("userId = :user", Parameters.with("user", userId)).firstResult();
    }

    /** Applies these terms to bookings from now on. */
    private void agree(Terms terms) {
        headline = terms.headline();
        currency = terms.hourlyRate().getCurrencyUnit().getCode();
        hourlyRate = keepingDigits(hourlyRate, terms.hourlyRate());
        timeZone = terms.timeZone().getId();
        payoutSchedule = terms.payoutSchedule();
        minimumPayout = keepingDigits(minimumPayout, terms.minimumPayout());
    }

    /** Keeps an equal amount, since the database pads it to four digits. */
    private static BigDecimal keepingDigits(BigDecimal now, Money next) {
        return now.compareTo(next.getAmount()) == 0 ? now : next.getAmount();
    }

    /** The coach's id, which is the user's. */
    public UUID userId() {
        return userId;
    }

    /** One line about the coach; null without one. */
    public @Nullable String headline() {
        return headline;
    }

    /** The price of an hour. */
    public Money hourlyRate() {
        return money(hourlyRate);
    }

    /** The time zone of the coach's days. */
    public ZoneId timeZone() {
        return ZoneId.of(timeZone);
    }

    /** The rhythm of payouts. */
    public PayoutSchedule payoutSchedule() {
        return payoutSchedule;
    }

    /** The platform's part of a session's price, 0 to 100. */
    public BigDecimal platformFeePercentage() {
        return platformFeePercentage;
    }

    /** The least amount that is paid out. */
    public Money minimumPayout() {
        return money(minimumPayout);
    }

    Money totalEarnings() {
        return money(totalEarnings);
    }

    Money availableBalance() {
        return money(availableBalance);
    }

    Money pendingBalance() {
        return money(pendingBalance);
    }

    private Money money(BigDecimal amount) {
        return StripeCurrencies.of(currency).of(amount);
    }
}
