package io.coachpay.payment;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.ClientAddress;
import io.coachpay.http.InvalidField;
import io.coachpay.http.NotFound;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.user.CustomerOwner;
import io.coachpay.user.DefaultMethodsAtStripe;

/** The door to saved payment methods; it also checks the addresses to which payers return. */
@ApplicationScoped
public class PaymentMethods {

    private final Access access;
    private final PaymentMethodBooks books;
    private final PaymentMethodsAtStripe atStripe;
    private final DefaultMethodsAtStripe defaults;
    private final CardLimitBooks limits;
    private final ClientAddress client;
    private final PaymentSettings settings;
    private final ReturnAddresses addresses;
    private final Clock clock;

    PaymentMethods(Access access, PaymentMethodBooks books, PaymentMethodsAtStripe atStripe, DefaultMethodsAtStripe defaults,
            CardLimitBooks limits, ClientAddress client, PaymentSettings settings,
            ReturnAddresses addresses, Clock clock) {
        this.access = access;
        this.books = books;
        this.atStripe = atStripe;
        this.defaults = defaults;
        this.limits = limits;
        this.client = client;
        this.settings = settings;
        this.addresses = addresses;
        this.clock = clock;
    }

    /**
     * Returns the caller's saved payment methods, newest first; a card that was saved several times once, as the form of it
     * that can pay.
     */
    @Transactional
    List<PaymentMethodView> mine() {
        Instant now = clock.instant();
        List<PaymentMethod> all = PaymentMethod.of(CustomerOwner.person(access.userId()));
        return CardLines.of(all, now).stream().map(line -> line.view(CardLines.good(all, line, now), now)).toList();
    }

    /**
     * Makes a method of the caller's the default at Stripe.
     *
     * @throws NotFound for a method that is not the caller's (404)
     * @throws PaymentRefused.NoSuchCard when Stripe does not have it any more (422)
     * @throws PaymentRefused.TooManyCards after too many refused cards (429)
     * @throws StripeRefused when Stripe is away; the wish is recorded, and a job sends it
     */
    PaymentMethodView makeDefault(UUID id) {
        UUID me = access.userId();
        String address = client.ofCaller();
        PaymentMethod method = access.asService(() -> {
            PaymentMethod wanted = books.wantDefault(me, id);
            limits.requireAttempt(me, wanted.fingerprint(), address);
            return wanted;
        });
        try {
            defaults.push(method.owner());
        } catch (StripeRefused.ResourceMissing | StripeRefused.InvalidRequest refused) {
            throw atStripe.isDetached(method.stripeId()) ? new PaymentRefused.NoSuchCard() : refused;
        }
        return access.asService(() -> books.locked(id)).view(clock.instant());
    }

    /**
     * Removes a card of the caller's at Stripe, in all the forms in which it was saved.
     *
     * @return the method that has become the default in its place; null where the default stays, or none is left
     * @throws NotFound for a method that is not the caller's (404)
     * @throws PaymentRefused.PaymentMethodNeeded for the last one, while something needs one (409)
     * @throws StripeRefused when Stripe is away; the removal is recorded, and a job sends it
     */
    @Nullable
    PaymentMethodView remove(UUID id) {
        UUID me = access.userId();
        PaymentMethodBooks.Removal removal = access.asService(() -> books.askRemoval(me, id));
        removal.methods().forEach(atStripe::send);
        UUID next = removal.next();
        return next == null ? null : access.asService(() -> books.locked(next)).view(clock.instant());
    }

    /**
     * Finds Stripe's id of the payment method with which a user is about to pay.
     *
     * @param id ours; null for the default one
     * @throws PaymentRefused.NoSuchCard when there is none (422)
     * @throws PaymentRefused.TooManyCards after too many refused cards (429)
     */
    public String stripeIdOf(UUID userId, @Nullable UUID id) {
        String address = client.ofCaller();
        return access.asService(() -> {
            PaymentMethod method = books.payable(CustomerOwner.person(userId), id);
            limits.requireAttempt(userId, method.fingerprint(), address);
            return method;
        }).stripeId();
    }

    /**
     * An address to which a page of Stripe's sends somebody back.
     *
     * @throws InvalidField when it is not a web address (400)
     * @throws PaymentRefused.ReturnUrlNotAllowed for one outside of the configured origins (422)
     */
    public String returnUrl(String field, String address) {
        return addresses.checked(field, address);
    }

    /**
     * Refuses to let the caller enter another card where too many were refused.
     *
     * @throws PaymentRefused.TooManyCards until later (429)
     */
    public void requireAttempt() {
        UUID me = access.userId();
        String address = client.ofCaller();
        access.runAsService(() -> limits.requireAttempt(me, null, address));
    }

    /**
     * Refuses to have a saved method charged where too many cards were refused: of the caller, that one, or from where the
     * caller asks.
     *
     * @param method {@code pm_…}; null for the caller's default
     * @throws PaymentRefused.TooManyCards until later (429)
     */
    public void requireAttemptWith(@Nullable String method) {
        UUID me = access.userId();
        String address = client.ofCaller();
        access.runAsService(
                () -> limits.requireAttempt(me, books.fingerprint(CustomerOwner.person(me), method), address));
    }

    /**
     * The addresses to which Stripe's page sends a payer; our own pages unless the client has its own.
     *
     * @throws InvalidField when one is not a web address (400)
     * @throws PaymentRefused.ReturnUrlNotAllowed for one outside of the configured origins (422)
     */
    public TransactionBooks.ReturnUrls returnUrls(@Nullable String success, @Nullable String cancel) {
        return new TransactionBooks.ReturnUrls(
                success == null ? settings.successUrl() : addresses.checked("successUrl", success),
                cancel == null ? settings.cancelUrl() : addresses.checked("cancelUrl", cancel));
    }
}
