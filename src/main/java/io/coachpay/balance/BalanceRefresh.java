package io.coachpay.balance;

import jakarta.enterprise.context.ApplicationScoped;

/** Imports one account now, before it is paid out. */
@ApplicationScoped
public class BalanceRefresh {

    private final BalanceImports imports;
    private final LineMatching matching;
    private final FundsAvailability availability;

    BalanceRefresh(BalanceImports imports, LineMatching matching, FundsAvailability availability) {
        this.imports = imports;
        this.matching = matching;
        this.availability = availability;
    }

    /**
     * Imports, matches and books due funds. Calls Stripe, so no database transaction may be open.
     *
     * @param account {@code acct_…}
     */
    public void refresh(String account) {
        imports.importAccount(account);
        matching.matchNewest(account);
        availability.bookDue(account);
    }
}
