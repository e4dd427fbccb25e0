package io.coachpay.reconciliation;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.payout.FreshBooks;

/** The import of one account at this moment, for whoever is about to pay it out. */
@ApplicationScoped
class RefreshedBooks implements FreshBooks {

    private final BalanceImports imports;
    private final LineMatching matching;
    private final Availability availability;

    RefreshedBooks(BalanceImports imports, LineMatching matching, Availability availability) {
        this.imports = imports;
        this.matching = matching;
        this.availability = availability;
    }

    @Override
    public void refresh(String account) {
        imports.importAccount(account);
        matching.matchNewest(account);
        availability.bookDue(account);
    }
}
