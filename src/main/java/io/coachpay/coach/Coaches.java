package io.coachpay.coach;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.Transactional;

import org.joda.money.CurrencyUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;
import io.coachpay.ledger.Balances;
import io.coachpay.ledger.CoachBalance;
import io.coachpay.user.Currencies;

/** The door to coaches. */
@ApplicationScoped
public class Coaches {

    private static final String CURRENCY_IN_USE = "coach_profiles_currency_in_use";

    private final Access access;
    private final Currencies currencies;
    private final Balances balances;
    private final ConnectSettings settings;

    Coaches(Access access, Currencies currencies, Balances balances, ConnectSettings settings) {
        this.access = access;
        this.currencies = currencies;
        this.balances = balances;
        this.settings = settings;
    }

    /**
     * The terms on which a coach can be booked now. Reads rows that the caller may not see, in a database transaction of its
     * own: no other may be open.
     *
     * @throws NotFound for a person who is not a coach (404)
     * @throws CoachRefused.CannotCharge while Stripe lets no payments go to the coach (409)
     * @throws Currencies.CurrencyNotSettled when the platform or the coach's account does not settle in the currency (422)
     */
    public BookableCoach bookable(UUID coachId) {
        return access.asService(() -> {
            CoachProfile profile = CoachProfile.ofUser(coachId);
            if (profile == null) {
                throw new NotFound("coach");
            }
            return bookable(profile, ConnectedAccount.ofUser(coachId));
        });
    }

    private BookableCoach bookable(CoachProfile profile, @Nullable ConnectedAccount account) {
        String stripeId = account == null ? null : account.stripeId();
        if (account == null || stripeId == null) {
            throw new CoachRefused.CannotCharge(List.of(Reason.NO_ACCOUNT));
        }
        if (!account.canCharge()) {
            throw new CoachRefused.CannotCharge(account.reasons());
        }
        CurrencyUnit currency = profile.hourlyRate().getCurrencyUnit();
        currencies.requireSettled(currency);
        if (!account.mirrored().settles(currency.getCode())) {
            throw new Currencies.CurrencyNotSettled(currency,
                    "The coach's account at Stripe does not settle in " + currency.getCode());
        }
        boolean abroad = !account.country().equals(settings.platformCountry());
        return new BookableCoach(profile.userId(), profile.hourlyRate(), profile.platformFeePercentage(), stripeId,
                abroad);
    }

    /**
     * Requires that the person is a coach, bookable or not.
     *
     * @throws NotFound when there is no coach of that id (404)
     */
    @Transactional
    public void requireKnown(UUID coachId) {
        publicly(coachId);
    }

    /** Coaches who can be booked, newest first. */
    @Transactional
    Page<PublicCoach> list(Paging paging) {
        return Page.of(PublicCoach.page(paging), paging, PublicCoach::id, coach -> coach);
    }

    /** One coach. */
    @Transactional
    PublicCoach publicly(UUID coachId) {
        PublicCoach coach = PublicCoach.one(coachId);
        if (coach == null) {
            throw new NotFound("coach");
        }
        return coach;
    }

    /** The signed-in coach's own profile. */
    @Transactional
    public CoachProfile profile() {
        CoachProfile profile = CoachProfile.ofUser(access.userId());
        if (profile == null) {
            throw new NotFound("coach profile");
        }
        return profile;
    }

    /**
     * Stores the signed-in person's profile, which makes them a coach.
     *
     * @throws Currencies.CurrencyNotSettled for a currency the platform does not settle in (422)
     * @throws CoachRefused.CurrencyInUse while sessions in the old currency are ahead (409)
     */
    @Transactional
    CoachProfile put(Terms terms) {
        currencies.requireSettled(terms.hourlyRate().getCurrencyUnit());
        CoachProfile profile = CoachProfile.put(access.userId(), terms);
        try {
            CoachProfile.flush();
        } catch (PersistenceException e) {
            throw inUse(e) ? new CoachRefused.CurrencyInUse() : e;
        }
        // A trigger changes the currency of the figures.
        CoachProfile.getEntityManager().refresh(profile);
        return profile;
    }

    /** The signed-in coach's balances, one for each currency ever earned in and the profile's. */
    @Transactional
    public List<CoachBalance> balance() {
        CurrencyUnit currency = profile().hourlyRate().getCurrencyUnit();
        List<CoachBalance> earned = balances.ofCoach(access.userId());
        if (earned.stream().anyMatch(balance -> balance.currency().equals(currency))) {
            return earned;
        }
        return Stream.concat(Stream.of(CoachBalance.nothing(currency)), earned.stream()).toList();
    }

    /** Recognises the refusal of the database's own trigger, which sees sessions, a package above this one. */
    private static boolean inUse(Throwable e) {
        if (e instanceof PSQLException refused) {
            ServerErrorMessage message = refused.getServerErrorMessage();
            return message != null && CURRENCY_IN_USE.equals(message.getConstraint());
        }
        return e.getCause() != null && inUse(e.getCause());
    }
}
