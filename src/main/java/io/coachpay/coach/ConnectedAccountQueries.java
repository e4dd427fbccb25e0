package io.coachpay.coach;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** Finds accounts by ids of Stripe's that their coaches have or had; joins the caller's database transaction. */
public final class ConnectedAccountQueries {

    private static final String OF_STRIPE_ID = """
            select * from stripe_connected_accounts
             where stripe_account_id = :id or replaced_accounts @> array[cast(:id as text)]""";
    private static final String IS_REPLACED = """
            select exists (select from stripe_connected_accounts where replaced_accounts @> array[cast(:id as text)])""";

    private ConnectedAccountQueries() {
    }

    /** Finds the row of the coach who has {@code acct_…} or had it before; null for an account of another platform. */
    public static @Nullable ConnectedAccount ofStripeId(String stripeId) {
        List<?> rows = ConnectedAccount.getEntityManager().createNativeQuery(OF_STRIPE_ID, ConnectedAccount.class)
                .setParameter("id", stripeId).getResultList();
        return rows.isEmpty() ? null : (ConnectedAccount) rows.get(0);
    }

    /** Whether a coach had this account before the present one. */
    static boolean isReplaced(String stripeId) {
        return (Boolean) ConnectedAccount.getEntityManager().createNativeQuery(IS_REPLACED, Boolean.class)
                .setParameter("id", stripeId).getSingleResult();
    }
}
