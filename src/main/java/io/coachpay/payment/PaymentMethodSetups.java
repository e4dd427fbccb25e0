package io.coachpay.payment;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.ClientAddress;
import io.coachpay.http.InvalidField;
import io.coachpay.http.NotFound;
import io.coachpay.payment.SetupTerms.Ui;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.user.Currencies;
import io.coachpay.user.CustomerOwner;
import io.coachpay.user.CustomersAtStripe;

/** The door to saving payment methods without a payment. */
@ApplicationScoped
class PaymentMethodSetups {

    /** Each round finds one that Stripe has concluded and that we have not heard of. */
    private static final int ROUNDS = 3;

    private final Access access;
    private final CustomersAtStripe customers;
    private final PaymentMethodSetupBooks books;
    private final PaymentMethodSetupsAtStripe atStripe;
    private final PaymentMethods methods;
    private final Currencies currencies;
    private final PaymentSettings settings;
    private final ClientAddress client;
    private final ReturnAddresses addresses;

    PaymentMethodSetups(Access access, CustomersAtStripe customers, PaymentMethodSetupBooks books,
            PaymentMethodSetupsAtStripe atStripe, PaymentMethods methods, Currencies currencies, PaymentSettings settings,
            ClientAddress client,
            ReturnAddresses addresses) {
        this.access = access;
        this.customers = customers;
        this.books = books;
        this.atStripe = atStripe;
        this.methods = methods;
        this.currencies = currencies;
        this.settings = settings;
        this.client = client;
        this.addresses = addresses;
    }

    /** A setup, and the method that it saved. */
    record Outcome(PaymentMethodSetup setup, @Nullable UUID method) {
    }

    /**
     * Begins to save a payment method of the caller's, or resumes the setup that is open.
     *
     * @param returnUrl where Stripe's page sends the caller; our own pages if null
     * @throws InvalidField for an address that is not one (400)
     * @throws PaymentRefused.ReturnUrlNotAllowed for one outside of the configured origins (422)
     * @throws PaymentRefused.TooManyMethods when the caller has as many methods as Stripe keeps (409)
     * @throws PaymentRefused.TooManyCards after too many setups, or refused cards (429)
     * @throws StripeRefused when Stripe refuses or is away
     */
    SetupView begin(Ui ui, @Nullable String returnUrl) {
        UUID me = access.userId();
        SetupTerms terms = new SetupTerms(ui, currencies.first().unit(), urls(ui, returnUrl), client.ofCaller());
        String customer = customers.ensure(me);
        Set<UUID> over = new HashSet<>();
        while (true) {
            UUID id = access.asService(() -> books.begin(CustomerOwner.person(me), customer, terms, over)).id();
            SetupView open = atStripe.open(id);
            if (open.clientSecret() != null || open.checkoutUrl() != null || over.size() == ROUNDS) {
                return open;
            }
            atStripe.refresh(id);
            over.add(id);
        }
    }

    private TransactionBooks.@Nullable ReturnUrls urls(Ui ui, @Nullable String returnUrl) {
        String checked = returnUrl == null ? null : addresses.checked("returnUrl", returnUrl);
        if (ui == Ui.ELEMENTS) {
            return null;
        }
        return checked == null ? new TransactionBooks.ReturnUrls(settings.savedUrl(), settings.cancelUrl())
                : new TransactionBooks.ReturnUrls(checked, checked);
    }

    /**
     * The setup that an earlier request of the caller's began, with what its next step needs now.
     *
     * @throws PaymentRefused.TooManyCards after too many refused cards (429)
     */
    SetupView showAgain(UUID id) {
        if (mine(id).setup().mayHaveChanged()) {
            methods.requireAttempt();
        }
        return atStripe.open(id);
    }

    /**
     * The state of a setup of the caller's. While it is not over, Stripe is asked first, and what it says is applied as an
     * event would be; once it is, Stripe is told what follows.
     *
     * @throws NotFound for one that is not the caller's (404)
     */
    Outcome outcome(UUID id) {
        if (mine(id).setup().mayHaveChanged()) {
            atStripe.refresh(id);
        } else {
            atStripe.follow(id);
        }
        return mine(id);
    }

    /** Read as the service: where a setup came from is not for people's role to see, and the entity holds it. */
    private Outcome mine(UUID id) {
        CustomerOwner me = CustomerOwner.person(access.userId());
        return access.asService(() -> outcome(me, id));
    }

    private static Outcome outcome(CustomerOwner me, UUID id) {
        PaymentMethodSetup setup = PaymentMethodSetup.<PaymentMethodSetup> findByIdOptional(id)
                .filter(found -> found.owner().equals(me)).orElseThrow(() -> new NotFound("setup"));
        String saved = setup.method();
        UUID method = saved == null ? null
                : PaymentMethod.byStripeId(saved).stream().map(PaymentMethod::id).findFirst().orElse(null);
        return new Outcome(setup, method);
    }
}
