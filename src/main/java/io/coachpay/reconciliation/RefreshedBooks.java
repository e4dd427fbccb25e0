package io.coachpay.reconciliation;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.payout.FreshBooks;

/** The import of one account at this moment, for whoever is about to pay it out. */
@ApplicationScoped
class RefreshedBooks implements FreshBooks {

    private final BalanceImports imports;
    private final Availability availability;

    RefreshedBooks(BalanceImports imports, Availability availability) {
        this.imports = imports;
        this.availability = availability;
    }

    @Override
    public void refresh(String account) {
        imports.importAccount(account);
        availability.bookDue(account);
    }
}
