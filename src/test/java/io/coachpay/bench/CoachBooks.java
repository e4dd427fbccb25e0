package io.coachpay.bench;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import org.joda.money.Money;

import io.coachpay.money.Price;
import io.coachpay.money.Share;
import io.coachpay.money.Split;

/**
 * One coach of a {@link History}: the terms of a session, the balances of the four accounts, and the lines not paid out yet.
 */
final class CoachBooks {

    /** The coach's accounts in the ledger. */
    enum Holding {
        COACH_PENDING,
        COACH_AVAILABLE,
        COACH_IN_TRANSIT,
        COACH_PAID_OUT
    }

    /** A line of {@code coach_available} that no payout has taken, by its number there. */
    record Unpaid(UUID entryId, long line, long amount) {
    }

    /** All amounts in the currency's smallest unit; half a price is what a partial refund gives back. */
    record Terms(String currency, int digits, long rate, int minutes, long price, long fee, long halfPrice, long halfFee,
            long processing) {

        private static final BigDecimal FEE = BigDecimal.valueOf(20);

        static Terms of(Money rate, int minutes) {
            Split split = Split.of(Price.of(rate, minutes), FEE);
            Money none = Money.zero(rate.getCurrencyUnit());
            Money half = Share.percent(split.price(), BigDecimal.valueOf(50));
            long price = split.price().getAmountMinorLong();
            int digits = rate.getCurrencyUnit().getDecimalPlaces();
            return new Terms(rate.getCurrencyUnit().getCode(), digits, rate.getAmountMinorLong(), minutes, price,
                    split.fee().getAmountMinorLong(), half.getAmountMinorLong(),
                    split.feeRefund(half, none, none).getAmountMinorLong(),
                    Math.round(price * (digits == 0 ? 0.036 : 0.029)) + (digits == 0 ? 0 : 30));
        }

        long payout() {
            return price - fee;
        }

        /** The smallest payout worth making: 10.00, or 1000 where there is nothing smaller than a whole. */
        long minimum() {
            return 1000;
        }
    }

    private static final long DAY = Duration.ofDays(1).toMillis();

    final UUID id;
    final UUID connectedAccount;
    final String stripeAccount;
    final Terms terms;
    final boolean busy;
    List<Unpaid> unpaid = new ArrayList<>();
    long lastRun;
    private final long since;
    private final int number;
    private final UUID[] accounts = new UUID[Holding.values().length];
    private final long[] balances = new long[accounts.length];
    private final long[] lines = new long[accounts.length];

    CoachBooks(int number, long since, Terms terms, String stripeAccount, boolean busy) {
        this.number = number;
        this.since = since;
        this.terms = terms;
        this.stripeAccount = stripeAccount;
        this.busy = busy;
        id = Made.USER.id(since, number);
        connectedAccount = Made.CONNECTED_ACCOUNT.id(since, number);
        for (int holding = 0; holding < accounts.length; holding++) {
            accounts[holding] = Made.LEDGER_ACCOUNT.id(since, (long) number * accounts.length + holding + 1000);
        }
    }

    /** The number of an account's last line. */
    long line(Holding holding) {
        return lines[holding.ordinal()];
    }

    /** Writes an entry of one of the coach's accounts, whose balance it moves. */
    void entry(Copy entries, UUID entryId, UUID journalId, Holding holding, long amount, long at) throws SQLException {
        int which = holding.ordinal();
        long before = balances[which];
        balances[which] += amount;
        entries.uuid(entryId).uuid(journalId).uuid(accounts[which]).text(terms.currency()).amount(amount, terms.digits())
                .amount(before, terms.digits()).amount(balances[which], terms.digits()).number(++lines[which]).time(at).end();
    }

    /** Writes the coach's final rows. */
    void write(Tables tables, long until) throws SQLException {
        int digits = terms.digits();
        tables.person(id, "coach-" + number, since);
        tables.profiles.uuid(Made.PROFILE.id(since, number)).uuid(id).amount(terms.rate(), digits).text(terms.currency())
                .text(busy ? "daily" : "monthly").amount(terms.minimum(), digits)
                .amount(balances[0] + balances[1] + balances[2] + balances[3], digits).amount(balances[1], digits)
                .amount(balances[0], digits).time(since).end();
        tables.connectedAccounts.uuid(connectedAccount).uuid(id).text(stripeAccount).flag(true).flag(true).flag(true)
                .flag(true).flag(true).text("US").text(terms.currency()).texts(terms.currency()).flag(false).text("individual")
                .time(since).end();
        tables.cursors.uuid(Made.IMPORT.id(since, number)).text("balance_transactions").text(stripeAccount).time(until)
                .nothing()
                .time(until + DAY).end();
        long paid = unpaid.stream().mapToLong(Unpaid::line).min().orElse(line(Holding.COACH_AVAILABLE) + 1) - 1;
        tables.marks.uuid(Made.MARK.id(since, number)).uuid(id).text(terms.currency()).text(busy ? "daily" : "monthly")
                .text("UTC").day(Math.floorDiv(lastRun, DAY)).number(paid).end();
        tables.cursors.uuid(Made.LISTING.id(since, number)).text("payouts").text(stripeAccount).time(until).time(until + DAY)
                .nothing().end();
        for (Holding holding : Holding.values()) {
            int which = holding.ordinal();
            if (lines[which] > 0) {
                tables.accounts.uuid(accounts[which]).text(holding.name().toLowerCase(Locale.ROOT)).uuid(id)
                        .text(terms.currency()).amount(balances[which], digits).number(lines[which]).time(since).end();
            }
        }
    }
}
