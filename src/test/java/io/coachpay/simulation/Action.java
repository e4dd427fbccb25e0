package io.coachpay.simulation;

import java.util.function.Function;

/**
 * A kind of deed.
 *
 * @param weight how often it happens, relative to others
 * @param decide draws one such deed, all of it
 */
record Action(int weight, Function<Dice, Deed> decide) {
}
