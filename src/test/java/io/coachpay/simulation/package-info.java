/**
 * Random stories from a seed, played against the running service, its database and the sandbox, while things go wrong on the
 * way to Stripe and back. When a story has come to rest, its promises are checked. {@code src/docs/simulation.md} says how to
 * run it and how to add to it.
 */
@NullMarked
package io.coachpay.simulation;

import org.jspecify.annotations.NullMarked;
