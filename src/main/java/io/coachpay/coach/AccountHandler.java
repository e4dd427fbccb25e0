package io.coachpay.coach;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Access;
import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.Undecided;
import io.coachpay.stripe.StripeAccount;
import io.coachpay.stripe.StripeBalanceSettings;

/**
 * Applies Stripe's events about connected accounts. Only {@code account.updated} carries the account; for an event about a part
 * of it, the account is fetched.
 *
 * @see <a href="https://docs.stripe.com/connect/webhooks">Stripe: Connect webhooks</a>
 */
@ApplicationScoped
class AccountHandler implements EventHandler {

    private static final String UPDATED = "account.updated";
    private static final String DEAUTHORIZED = "account.application.deauthorized";
    private static final String SETTINGS = "balance_settings.updated";
    private static final Set<String> PARTS = Set.of("capability.updated", "account.external_account.created",
            "account.external_account.updated", "account.external_account.deleted");

    private final ConnectedAccountBooks books;
    private final Access access;

    AccountHandler(ConnectedAccountBooks books, Access access) {
        this.books = books;
        this.access = access;
    }

    @Override
    public Set<String> types() {
        return Set.of(UPDATED, DEAUTHORIZED, SETTINGS, "capability.updated", "account.external_account.created",
                "account.external_account.updated", "account.external_account.deleted");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.CONNECT);
    }

    @Override
    public List<Fetch> needs(Event event) {
        boolean fetch = access.asService(() -> mustFetch(event));
        return fetch ? List.of(itself(event)) : List.of();
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        if (ConnectedAccountQueries.isReplaced(accountOf(event))) {
            // A stale event of an account that its coach has left for good.
            return;
        }
        if (mustFetch(event)) {
            takeOver(event, fetched);
        } else if (event.type().equals(DEAUTHORIZED)) {
            books.deauthorized(accountOf(event), event.created());
        } else if (event.type().equals(SETTINGS)) {
            books.payoutsDecided(accountOf(event), StripeBalanceSettings.from(event.object()));
        } else if (event.type().equals(UPDATED)) {
            books.mirror(StripeAccount.from(event.object()), event.created());
        }
    }

    /** Mirrors a fetched account. If Stripe lets us read it, it is connected, even after a recent disconnection. */
    private void takeOver(Event event, Fetched fetched) {
        Fetch itself = itself(event);
        if (!fetched.holds(itself)) {
            throw lookAgain(event);
        }
        if (event.type().equals(DEAUTHORIZED)) {
            books.deauthorized(accountOf(event), event.created());
        }
        Instant readAt = fetched.requestedAt(itself);
        Instant at = readAt.isBefore(event.created()) ? event.created() : readAt;
        fetched.find(itself).map(StripeAccount::from).ifPresent(account -> {
            if (!books.reconnected(account, readAt, at)) {
                throw lookAgain(event);
            }
        });
    }

    /** Refuses the event for now, because another one of the same second was applied first: it is retried after a new fetch. */
    private static Undecided lookAgain(Event event) {
        return new Undecided(accountOf(event));
    }

    /** Whether to fetch: events of one second have no order, those of a part lack the rest, and a disconnection may be over. */
    private boolean mustFetch(Event event) {
        ConnectedAccount account = ConnectedAccount.byStripeId(accountOf(event));
        if (account == null) {
            if (PARTS.contains(event.type()) && !ConnectedAccountQueries.isReplaced(accountOf(event))) {
                throw new MissingParent("connected account " + accountOf(event));
            }
            return false;
        }
        // Stripe reports nothing about a disconnected account, unless it was connected again.
        if (account.deauthorized()) {
            return event.type().equals(UPDATED) && account.connection().isHeardAgain(event.created());
        }
        if (event.type().equals(DEAUTHORIZED)) {
            return true;
        }
        if (account.mirrored().isNewerThan(event.created())) {
            return false;
        }
        return PARTS.contains(event.type()) || event.type().equals(UPDATED) && account.mirrored().isAsOldAs(event.created());
    }

    private static Fetch itself(Event event) {
        return new Fetch(StripeAccount.OBJECT, accountOf(event), null);
    }

    private static String accountOf(Event event) {
        if (event.account() == null) {
            throw new IllegalArgumentException(event.type() + " without the account it is about");
        }
        return event.account();
    }
}
