package io.coachpay.simulation;

import java.util.function.Function;

/**
 * A kind of thing that can happen.
 *
 * @param weight how often it does, among the others
 * @param decide draws one such deed, all of it
 */
record Action(int weight, Function<Dice, Deed> decide) {
}
