package io.coachpay.reconciliation;

import java.time.Clock;
import java.util.List;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;
import io.coachpay.stripe.StripeBalanceSettings;

/**
 * Applies the event that somebody gave a coach's payouts back to Stripe. They are made ours again before any run would see it,
 * so the finding is recorded here.
 */
@ApplicationScoped
class SettingsHandler implements EventHandler {

    private final Findings findings;
    private final Clock clock;

    SettingsHandler(Findings findings, Clock clock) {
        this.findings = findings;
        this.clock = clock;
    }

    @Override
    public Set<String> types() {
        return Set.of("balance_settings.updated");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.CONNECT);
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        if (event.account() != null && !StripeBalanceSettings.from(event.object()).isManual()) {
            findings.record(List.of(new Discrepancy(Kind.PAYOUTS_GIVEN_BACK, event.account(), "", null, null, null, null,
                    Cause.DASHBOARD_ACTION, null, event.created(), null)), clock.instant());
        }
    }
}
