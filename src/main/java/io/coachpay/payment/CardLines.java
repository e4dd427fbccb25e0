package io.coachpay.payment;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Groups the methods of one owner: Stripe keeps a card as often as it was saved, and its owner sees it once. The same type and
 * fingerprint are one card; a method without fingerprint stands alone.
 */
final class CardLines {

    private CardLines() {
    }

    /**
     * The lines that an owner sees.
     *
     * @param methods newest first
     * @return of each card its default method, else its newest that has not expired, else its newest, in the order of the
     *         newest ones
     */
    static List<PaymentMethod> of(List<PaymentMethod> methods, Instant now) {
        Map<Object, PaymentMethod> lines = new LinkedHashMap<>();
        methods.forEach(method -> lines.merge(card(method), method, (line, older) -> {
            boolean renewed = !line.isDefault() && !line.isGood(now) && older.isGood(now);
            return older.isDefault() || renewed ? older : line;
        }));
        return new ArrayList<>(lines.values());
    }

    /**
     * The form in which a card can pay: Stripe may keep the one that has expired beside the one that the bank renewed.
     *
     * @param methods newest first, this one among them
     * @return this one unless it has expired, else the newest of its card that has not, else this one
     */
    static PaymentMethod good(List<PaymentMethod> methods, PaymentMethod method, Instant now) {
        return method.isGood(now) ? method
                : group(methods, method).stream().filter(other -> other.isGood(now)).findFirst().orElse(method);
    }

    /** All methods of this one's card, itself among them. */
    static List<PaymentMethod> group(List<PaymentMethod> methods, PaymentMethod method) {
        return methods.stream().filter(other -> isSameCard(other, method)).toList();
    }

    /** Whether two methods are the same card. */
    static boolean isSameCard(PaymentMethod one, PaymentMethod other) {
        return card(one).equals(card(other));
    }

    private static Object card(PaymentMethod method) {
        return method.fingerprint() == null ? method.id()
                : List.of(method.type(), Objects.requireNonNull(method.fingerprint()));
    }
}
