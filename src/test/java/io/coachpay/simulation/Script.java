package io.coachpay.simulation;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import io.coachpay.AtOnce;
import io.coachpay.money.StripeCurrencies;
import io.vertx.core.json.JsonObject;

/**
 * A story as its seed alone decides it: its people, the faults on the way to Stripe and back, and the order of events. The
 * timing of concurrent deeds, webhooks and workers is the machine's: the same seed may therefore end differently in rare cases,
 * although the same requests are made.
 *
 * @param coaches one for each: their rate, and their country
 * @param calm whether the cast gets ready before anything goes wrong
 */
record Script(long seed, List<Rate> coaches, int mentees, boolean calm, JsonObject faults, List<Deed> deeds) {

    private static final int FEWEST_DEEDS = 8;
    private static final int MOST_DEEDS = 25;

    /** A coach's rate for an hour. */
    record Rate(String country, String currency, String amount) {

        /** An amount in this currency, as the API writes it. */
        String money(BigDecimal about) {
            return StripeCurrencies.of(currency).roundToChargeUnit(about).getAmount().toPlainString();
        }
    }

    static Script of(long seed) {
        Dice dice = new Dice(seed);
        List<Rate> coaches = new ArrayList<>();
        int howMany = dice.between(1, 2);
        for (int i = 0; i < howMany; i++) {
            coaches.add(rate(dice));
        }
        int mentees = dice.between(2, 3);
        dice.cast(howMany, mentees);
        boolean calm = dice.chance(0.7);
        JsonObject faults = Trouble.plan(dice);
        List<Deed> deeds = new ArrayList<>();
        bookAndPay(dice, coaches, deeds);
        if (dice.chance(0.6)) {
            subscribe(dice, deeds);
        }
        int length = dice.between(FEWEST_DEEDS, MOST_DEEDS);
        for (int i = 2; i < length; i++) {
            switch (dice.below(10)) {
                case 0, 1 -> bookAndPay(dice, coaches, deeds);
                case 2, 3 -> deeds.add(together(dice));
                default -> deeds.add(Actions.any(dice));
            }
            if (dice.chance(0.3)) {
                deeds.add(new Deed("all is quiet for a moment", Stage::quiet));
            }
        }
        return new Script(seed, coaches, mentees, calm, faults, deeds);
    }

    /** Acts of most people, so that there is something to go wrong with. */
    private static void bookAndPay(Dice dice, List<Rate> coaches, List<Deed> deeds) {
        Dice.Booking booking = dice.newBooking();
        deeds.add(BookingActions.book(dice, booking));
        if (coaches.get(booking.coach()).currency().equals("USD") && dice.chance(0.35)) {
            deeds.add(CreditActions.buyEnough(dice, booking.mentee()));
            deeds.add(new Deed("all is quiet for a moment", Stage::quiet));
            deeds.add(CreditActions.spend(dice, booking));
            if (dice.chance(0.35)) {
                deeds.add(PurchaseActions.goesBack(dice, booking.mentee()));
            }
        } else {
            deeds.add(PayingActions.pay(dice, booking));
        }
    }

    /** Somebody subscribes, so that there is something to change, to renew and to give back. */
    private static void subscribe(Dice dice, List<Deed> deeds) {
        int person = dice.person();
        deeds.add(SubscriptionActions.begin(dice, person));
        deeds.add(new Deed("all is quiet for a moment", Stage::quiet));
        if (dice.chance(0.35)) {
            deeds.add(InvoiceActions.renews(dice, person));
        }
        for (int more = dice.below(4); more > 0; more--) {
            deeds.add(Actions.any(dice.chance(0.5) ? SubscriptionActions.ALL : InvoiceActions.ALL, dice));
        }
    }

    private static Rate rate(Dice dice) {
        int cents = dice.between(0, 99);
        return switch (dice.below(7)) {
            case 0 -> new Rate("GB", "JPY", Integer.toString(dice.between(3_000, 20_000)));
            case 1 -> new Rate("GB", "KWD", "%d.%02d0".formatted(dice.between(5, 60), cents));
            case 2 -> new Rate("DE", "EUR", "%d.%02d".formatted(dice.between(20, 300), cents));
            case 3 -> new Rate("HU", "HUF", "%d.%02d".formatted(dice.between(3_000, 30_000), cents));
            default -> new Rate("US", "USD", "%d.%02d".formatted(dice.between(20, 300), cents));
        };
    }

    /** Concurrent deeds: often the same one, because that is where only one of them may succeed. */
    private static Deed together(Dice dice) {
        List<Deed> all = new ArrayList<>();
        int howMany = dice.between(2, 4);
        if (dice.chance(0.5)) {
            Deed one = Actions.any(dice);
            for (int i = 0; i < howMany; i++) {
                all.add(one);
            }
        } else {
            for (int i = 0; i < howMany; i++) {
                all.add(Actions.any(dice));
            }
        }
        String words = all.stream().map(Deed::words).collect(Collectors.joining("; ", "at once: ", ""));
        return new Deed(words, stage -> String.join("; ", AtOnce.all(all.stream()
                .map(deed -> (java.util.concurrent.Callable<String>) () -> deed.doing().on(stage)).toList())));
    }
}
