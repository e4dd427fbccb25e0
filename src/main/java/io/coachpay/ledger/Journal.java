package io.coachpay.ledger;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import org.joda.money.BigMoney;
import org.joda.money.CurrencyUnit;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;

/**
 * One movement of money: a fact, reported by one Stripe object, and the entries it makes.
 *
 * @param id ours
 * @param kind of the fact
 * @param reference the id of the object that reports it; with the kind, unique forever
 * @param transactionId our payment that it belongs to; null where it belongs to none
 * @param occurredAt the time of the fact, which is earlier than that of the record
 * @param entries sum to zero in each currency
 */
public record Journal(UUID id, String kind, String reference, @Nullable UUID transactionId, Instant occurredAt,
        List<Entry> entries) {

    public Journal {
        entries = List.copyOf(entries);
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("A journal without entries moves nothing");
        }
        Map<CurrencyUnit, BigDecimal> sums = entries.stream().map(Entry::amount).collect(Collectors.groupingBy(
                BigMoney::getCurrencyUnit, Collectors.reducing(BigDecimal.ZERO, BigMoney::getAmount, BigDecimal::add)));
        sums.forEach((currency, sum) -> {
            if (sum.signum() != 0) {
                throw new IllegalArgumentException(
                        "Journal " + kind + " " + reference + " does not balance: " + sum + " " + currency);
            }
        });
    }

    Journal(String kind, String reference, Instant occurredAt, List<Entry> entries) {
        this(Ids.next(), kind, reference, null, occurredAt, entries);
    }

    /** The same journal, linked to the payment it belongs to. */
    public Journal of(UUID transactionId) {
        return new Journal(id, kind, reference, transactionId, occurredAt, entries);
    }
}
