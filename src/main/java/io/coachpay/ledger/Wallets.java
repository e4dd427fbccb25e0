package io.coachpay.ledger;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import io.coachpay.access.Rows;
import io.coachpay.money.Credits;

/** Reads users' credits, and holds a wallet for a decision about it. */
@ApplicationScoped
public class Wallets {

    private static final String OF = """
            select kind, balance from ledger_accounts
             where owner_id = ? and currency = ? and kind in ('credits', 'deferred', 'credit_debt')""";
    private static final String HOLD = "select kind, balance from hold_wallet(?, ?)";

    private final Rows rows;

    Wallets(DataSource database) {
        this.rows = new Rows(database);
    }

    /** Returns a user's wallet, as the caller may see it. */
    @Transactional
    public Wallet of(UUID user) {
        return read(OF, user);
    }

    /**
     * Returns a user's wallet and keeps all others from changing it until the database transaction has ended. Called after the
     * payment and the session are locked, and before any other account is.
     */
    @Transactional(TxType.MANDATORY)
    public Wallet hold(UUID user) {
        return read(HOLD, user);
    }

    /** An account and its balance. */
    private record Balance(String kind, BigDecimal amount) {
    }

    private Wallet read(String query, UUID user) {
        Map<String, Credits> balances = rows
                .query(query, row -> new Balance(row.getString("kind"), row.getBigDecimal("balance")), user,
                        Credits.CURRENCY.getCode())
                .stream().collect(Collectors.toMap(Balance::kind, balance -> Credits.of(balance.amount())));
        return balances.isEmpty() ? Wallet.EMPTY
                : new Wallet(balance(balances, Account.Kind.CREDITS), balance(balances, Account.Kind.DEFERRED),
                        balance(balances, Account.Kind.CREDIT_DEBT).negated());
    }

    private static Credits balance(Map<String, Credits> balances, Account.Kind kind) {
        return Optional.ofNullable(balances.get(kind.column())).orElse(Credits.NONE);
    }
}
