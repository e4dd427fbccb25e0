package io.coachpay.payout;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.Transactional;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Constraints;
import io.coachpay.coach.Coaches;
import io.coachpay.coach.Reason;
import io.coachpay.http.InvalidField;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;
import io.coachpay.http.RequestKey;
import io.coachpay.money.MoneyRefused;
import io.coachpay.money.MoneyText;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.stripe.StripeBalance;
import io.coachpay.stripe.StripeRefused;

/** The door to payouts: for coaches, who see their own and request others, and for administrators, who see all. */
@ApplicationScoped
public class Payouts {

    private static final int ITEMS_AT_MOST = 1000;

    private final Access access;
    private final Coaches coaches;
    private final PayoutBooks payouts;
    private final PayoutsAtStripe atStripe;
    private final PayoutItems items;
    private final Standings standings;
    private final RequestKey requestKey;
    private final Pricing pricing;

    Payouts(Access access, Coaches coaches, PayoutBooks payouts, PayoutsAtStripe atStripe, PayoutItems items,
            Standings standings, RequestKey requestKey, Pricing pricing) {
        this.access = access;
        this.coaches = coaches;
        this.payouts = payouts;
        this.atStripe = atStripe;
        this.items = items;
        this.standings = standings;
        this.requestKey = requestKey;
        this.pricing = pricing;
    }

    /**
     * A coach's request.
     *
     * @param amount null for all that is available
     * @param currency null for the amount's, or else the profile's
     */
    record PayoutOrder(@Nullable Money amount, @Nullable String currency, boolean instant) {

        PayoutOrder {
            if (amount != null && currency != null && !currency.equals(amount.getCurrencyUnit().getCode())) {
                throw new InvalidField("currency", "must be the currency of the amount");
            }
        }
    }

    /**
     * Pays the signed-in coach out, whatever the schedule says; once, however often the request is sent.
     *
     * @return the payout; without Stripe's id if Stripe was away, in which case the job asks again soon
     * @throws PayoutRefused.Blocked when nothing can be paid out, with the reasons (409)
     * @throws PayoutRefused.ExceedsAvailable for more than is available, naming that (422)
     * @throws PayoutRefused.BelowMinimum for less than Stripe pays out (422)
     * @throws MoneyRefused for an amount that Stripe does not pay out in that currency (422)
     * @throws StripeRefused when Stripe could not be asked; nothing was done
     */
    Payout request(PayoutOrder wish) {
        UUID request = requestKey.id();
        Optional<Payout> begun = access.asService(() -> begun(request));
        if (begun.isPresent()) {
            return advanced(begun.get());
        }
        UUID coach = access.userId();
        CurrencyUnit currency = currency(wish);
        return advanced(reserved(coach, currency, wish, request, balance(coach, currency)));
    }

    /**
     * Quotes the result and cost of such a request now. Nothing is reserved for it.
     *
     * @param amount as the API writes it, in the currency; null for all that is available
     * @param currency null for the profile's
     * @throws PayoutRefused as the request itself would be
     * @throws MoneyRefused for an amount that is malformed, or that Stripe does not pay out in that currency (400, 422)
     * @throws StripeRefused when Stripe could not be asked
     */
    Quote quote(@Nullable String amount, @Nullable String currency, boolean instant) {
        String code = currency == null ? coaches.profile().hourlyRate().getCurrencyUnit().getCode() : currency;
        return quote(new PayoutOrder(amount == null ? null : MoneyText.parse(amount, code), code, instant));
    }

    private Quote quote(PayoutOrder wish) {
        UUID coach = access.userId();
        CurrencyUnit currency = currency(wish);
        StripeBalance balance = balance(coach, currency);
        return access.asService(() -> {
            PayoutEligibility standing = standings.of(coach, currency);
            requireNoObstacle(standing);
            return pricing.quote(standing, wish, balance);
        });
    }

    /** Asks Stripe for its balance, unless another reason already prevents the payout. */
    private StripeBalance balance(UUID coach, CurrencyUnit currency) {
        String account = access.asService(() -> {
            PayoutEligibility standing = standings.of(coach, currency);
            requireNoObstacle(standing);
            return standing.stripeAccount();
        });
        return atStripe.balance(account);
    }

    /** Finds the payout that an earlier or a concurrent call of the same request has recorded. */
    private static Optional<Payout> begun(@Nullable UUID request) {
        return request == null ? Optional.empty() : Payout.find("origin.requestId", request).firstResultOptional();
    }

    private Payout advanced(Payout asked) {
        if (asked.status() == PayoutStatus.REQUESTED) {
            atStripe.advance(asked.id());
        }
        Payout payout = access.asService(() -> Payout.known(asked.id()));
        if (payout.status() == PayoutStatus.REFUSED) {
            throw new PayoutRefused.ByStripe(String.valueOf(payout.progress().failureCode()));
        }
        return payout;
    }

    private CurrencyUnit currency(PayoutOrder wish) {
        if (wish.amount() != null) {
            CurrencyUnit unit = wish.amount().getCurrencyUnit();
            StripeCurrencies.of(unit).requireOnPayoutUnit(wish.amount());
            return unit;
        }
        CurrencyUnit own = coaches.profile().hourlyRate().getCurrencyUnit();
        return wish.currency() == null ? own : StripeCurrencies.of(wish.currency()).unit();
    }

    private Payout reserved(UUID coach, CurrencyUnit currency, PayoutOrder wish, @Nullable UUID request,
            StripeBalance balance) {
        try {
            return standings.decide(coach, () -> {
                Optional<Payout> begun = begun(request);
                if (begun.isPresent()) {
                    return begun.get();
                }
                PayoutEligibility standing = standings.of(coach, currency);
                requireNoObstacle(standing);
                Quote quote = pricing.quote(standing, wish, balance);
                return payouts.reserve(standing, quote.amount(), quote.method(), quote.feeOfCoach(), PayoutOrigin.COACH, null,
                        request);
            });
        } catch (PersistenceException e) {
            throw Constraints.violated(e, "payouts_one_requested")
                    ? new PayoutRefused.Blocked(List.of(Reason.PAYOUT_IN_PROGRESS))
                    : e;
        }
    }

    private static void requireNoObstacle(PayoutEligibility standing) {
        List<Reason> blockers = standing.blockers();
        if (!blockers.isEmpty()) {
            throw new PayoutRefused.Blocked(blockers);
        }
    }

    /**
     * Cancels one of the signed-in coach's payouts, as long as it has not left.
     *
     * @throws PayoutRefused.NotPending when it is too late, or too early (409)
     * @throws PayoutRefused.Blocked when the coach has disconnected the account (409)
     */
    Payout cancel(UUID id) {
        atStripe.cancel(mine(id).id());
        return access.asService(() -> Payout.known(id));
    }

    /** Returns a page of the signed-in coach's payouts, newest first, with one more than asked for if there are more. */
    @Transactional
    public List<Payout> mine(Paging paging) {
        return Payout.find("userId = ?1 and id < ?2 order by id desc", access.userId(), paging.before())
                .page(0, paging.limit() + 1).list();
    }

    /**
     * Finds one of the signed-in coach's payouts.
     *
     * @throws NotFound when there is none (404)
     */
    @Transactional
    public Payout mine(UUID id) {
        Payout payout = Payout.known(id);
        if (!payout.userId().equals(access.userId())) {
            throw new NotFound("payout");
        }
        return payout;
    }

    /** Returns the items of one of the signed-in coach's payouts, up to the limit of an answer. */
    @Transactional
    List<PayoutItems.Shown> items(Payout payout) {
        return items.of(payout, ITEMS_AT_MOST);
    }

    /**
     * Finds any coach's payout, for administrators.
     *
     * @throws NotFound when there is none (404)
     */
    Payout any(Reference reference) {
        return access
                .asAdmin(() -> reference.<Optional<Payout>> find(id -> Payout.<Payout> findByIdOptional(id), Payout::byStripeId)
                        .orElseThrow(() -> new NotFound("payout")));
    }

    /** Returns a page of all coaches' payouts, newest first, for administrators. */
    List<Payout> all(@Nullable PayoutStatus status, Paging paging) {
        UUID before = paging.before();
        return access.asAdmin(() -> (status == null ? Payout.find("id < ?1 order by id desc", before)
                : Payout.find("progress.status = ?1 and id < ?2 order by id desc", status, before))
                .<Payout> page(0, paging.limit() + 1).list());
    }
}
