package io.coachpay.simulation;

import java.util.List;
import java.util.stream.Stream;

/** Everything that can happen in a story. A new action goes into one of these lists, and is then part of every story. */
final class Actions {

    private static final List<Action> ALL = Stream
            .of(BookingActions.ALL, PayingActions.ALL, SessionActions.ALL, MoneyBackActions.ALL, PayoutActions.ALL,
                    CoachActions.ALL, PeopleActions.ALL, StripeActions.ALL, CreditActions.ALL, PurchaseActions.ALL,
                    CardActions.ALL, SubscriptionActions.ALL, InvoiceActions.ALL)
            .flatMap(List::stream).toList();

    private Actions() {
    }

    static Deed any(Dice dice) {
        return any(ALL, dice);
    }

    static Deed any(List<Action> actions, Dice dice) {
        int drawn = dice.below(actions.stream().mapToInt(Action::weight).sum());
        for (Action action : actions) {
            drawn -= action.weight();
            if (drawn < 0) {
                return action.decide().apply(dice);
            }
        }
        throw new IllegalStateException("The weights are wrong");
    }
}
