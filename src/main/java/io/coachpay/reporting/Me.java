package io.coachpay.reporting;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;

/**
 * A person with their ids at Stripe and their subscription.
 *
 * @param stripeCustomerId {@code cus_…}; null before the first need of one
 * @param stripeConnectAccountId {@code acct_…}; null unless a coach
 * @param defaultPaymentMethodId our id of the saved payment method used first; null without one
 * @param emailRefused whether Stripe did not take the e-mail, so that it writes no receipts there
 * @param subscription the one that lives; null without one
 */
record Me(UUID id, @Nullable String email, @Nullable String name, @Nullable String stripeCustomerId,
        @Nullable String stripeConnectAccountId, @Nullable UUID defaultPaymentMethodId, boolean emailRefused,
        @Nullable Subscribed subscription) {

    /** Reads six tables in one query. A page that is not paid is no subscription yet, and one beside another is given back. */
    private static final String LOOK = """
            select u.id, u.email, u.name, c.stripe_customer_id, a.stripe_account_id, m.id as method,
                   coalesce(c.refused_email = u.email, false) as email_refused,
                   s.id as subscription, s.plan_id, p.name as plan, s.status, s.current_period_end,
                   coalesce(s.cancel_at, case when s.cancel_at_period_end then s.current_period_end end) as cancel_at
              from users u
              left join stripe_customers c on c.user_id = u.id and c.sync_status <> 'missing'
              left join stripe_connected_accounts a on a.user_id = u.id
              left join payment_methods m on m.user_id = u.id and m.is_default
              left join subscriptions s on s.user_id = u.id and not s.is_surplus
                    and s.status in ('incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused')
              left join subscription_plans p on p.id = s.plan_id
             where u.id = ?""";

    /**
     * A person's subscription.
     *
     * @param planId null for a price that belongs to no plan of ours
     * @param status Stripe's
     * @param cancelAt when it ends; null while it goes on
     */
    @Schema(name = "Subscribed")
    record Subscribed(UUID id, @Nullable UUID planId, @Nullable @Schema(examples = "Pro") String planName,
            @Schema(examples = "active") String status, @Nullable Instant currentPeriodEnd,
            @Nullable @Schema(description = "When it ends; missing while it goes on") Instant cancelAt) {

        private static @Nullable Subscribed of(ResultSet row) throws SQLException {
            UUID id = row.getObject("subscription", UUID.class);
            return id == null ? null
                    : new Subscribed(id, row.getObject("plan_id", UUID.class), row.getString("plan"), row.getString("status"),
                            Rows.instantOrNull(row, "current_period_end"), Rows.instantOrNull(row, "cancel_at"));
        }
    }

    /** The person with this id; empty when there is none that the database transaction's role may see. */
    static Optional<Me> find(Rows rows, UUID userId) {
        return rows.query(LOOK, Me::of, userId).stream().findFirst();
    }

    private static Me of(ResultSet row) throws SQLException {
        return new Me(row.getObject("id", UUID.class), row.getString("email"), row.getString("name"),
                row.getString("stripe_customer_id"), row.getString("stripe_account_id"), row.getObject("method", UUID.class),
                row.getBoolean("email_refused"), Subscribed.of(row));
    }
}
