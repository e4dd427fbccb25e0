package io.coachpay.coach;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.job.AccountSource;

/** Lists the accounts whose lists at Stripe are read: those that were created and not disconnected. */
@ApplicationScoped
class ListedAccounts implements AccountSource {

    private static final String CONNECTED = """
            select stripe_account_id as account, created_at as known_since, user_id as owner_id
              from stripe_connected_accounts where stripe_account_id is not null and deauthorized_at is null""";

    @Override
    public String query() {
        return CONNECTED;
    }
}
