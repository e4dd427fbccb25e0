package io.coachpay.credit;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.money.Credits;

/**
 * Limits the credits that the platform owes: all wallets, all deferred credits, and what open purchases reserve. A purchase
 * reserves its credits before its page opens, and a payment that arrives is granted whatever the limit is by then.
 */
@ApplicationScoped
class Capacity {

    /** Reservations are read after the lock, so that those of every purchase before this one are seen. */
    private static final String LOCK = "select id from credit_capacity where currency = ? for no key update";
    private static final String READ = """
            select limit_amount, outstanding,
                   (select coalesce(sum(reserved_credits), 0) from checkout_sessions where reserved_credits > 0) as reserved
              from credit_capacity where currency = ?""";
    private static final String LIMIT = "update credit_capacity set limit_amount = ? where currency = ?";

    private final Rows rows;

    Capacity(DataSource database) {
        this.rows = new Rows(database);
    }

    /**
     * The credits that the platform owes.
     *
     * @param limit null for none
     * @param outstanding in wallets and deferred
     * @param reserved by open purchases
     */
    record State(@Nullable Credits limit, Credits outstanding, Credits reserved) {

        /** The credits that can still be bought, never negative; null without a limit. */
        @Nullable
        Credits available() {
            if (limit == null) {
                return null;
            }
            Credits left = limit.minus(outstanding).minus(reserved);
            return left.isNegative() ? Credits.NONE : left;
        }

        private static State of(ResultSet row) throws SQLException {
            BigDecimal limit = row.getBigDecimal("limit_amount");
            return new State(limit == null ? null : Credits.of(limit), Credits.of(row.getBigDecimal("outstanding")),
                    Credits.of(row.getBigDecimal("reserved")));
        }
    }

    /** Keeps other purchases waiting until the database transaction has ended. */
    @Transactional(TxType.MANDATORY)
    void lock() {
        rows.query(LOCK, row -> true, Credits.CURRENCY.getCode());
    }

    /**
     * Requires room for these credits; the caller holds the lock.
     *
     * @throws CreditRefused.CapacityExceeded where the limit has no room for them (409)
     */
    @Transactional(TxType.MANDATORY)
    void require(Credits wanted) {
        Credits available = read().available();
        if (available != null && wanted.compareTo(available) > 0) {
            throw new CreditRefused.CapacityExceeded(available);
        }
    }

    @Transactional(TxType.MANDATORY)
    State read() {
        return rows.query(READ, State::of, Credits.CURRENCY.getCode()).get(0);
    }

    /** Sets the limit; below what is owed, it refuses purchases until credits are spent. */
    @Transactional(TxType.MANDATORY)
    void limit(@Nullable Credits limit) {
        rows.update(LIMIT, limit == null ? null : limit.amount(), Credits.CURRENCY.getCode());
    }
}
