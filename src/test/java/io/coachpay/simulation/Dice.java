package io.coachpay.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Everything random in a story, drawn from its seed before the story begins. Nothing drawn depends on the service's answers, so
 * one seed always makes the same story.
 */
final class Dice {

    /** Most deeds are about one of the latest bookings. */
    private static final int LATEST = 4;

    private final SplittableRandom random;
    private final List<Booking> bookings = new ArrayList<>();
    private final List<Booking> paid = new ArrayList<>();
    private final List<Integer> buyers = new ArrayList<>();
    private final List<Integer> subscribers = new ArrayList<>();
    private int coaches;
    private int mentees;
    private Duration elapsed = Duration.ZERO;

    /**
     * A booking that a mentee tries to make.
     *
     * @param number its name in the story
     * @param startsAfter counted from the beginning of the story; several bookings may want one time
     */
    record Booking(int number, int mentee, int coach, Duration startsAfter, int minutes) {
    }

    Dice(long seed) {
        random = new SplittableRandom(seed);
    }

    void cast(int howManyCoaches, int howManyMentees) {
        coaches = howManyCoaches;
        mentees = howManyMentees;
    }

    /** From 0 to one less than that. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** From the one to the other, both included. */
    int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    long seed() {
        return random.nextLong();
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    @SafeVarargs
    final <T> T oneOf(T... choices) {
        return choices[below(choices.length)];
    }

    int coach() {
        return below(coaches);
    }

    int mentee() {
        return below(mentees);
    }

    /** A booking at least a day after all time that will have passed by then, often for a time already wanted. */
    Booking newBooking() {
        Duration day = Duration.ofDays(elapsed.toDays() + between(2, 4));
        Booking booking = new Booking(bookings.size(), mentee(), coach(), day.plusHours(between(8, 12)),
                oneOf(15, 30, 45, 50, 60, 60, 75, 90, 120));
        bookings.add(booking);
        return booking;
    }

    /** One of the bookings made before; stories begin with one. */
    Booking booking() {
        int from = Math.max(0, bookings.size() - LATEST);
        return bookings.get(chance(0.8) ? between(from, bookings.size() - 1) : below(bookings.size()));
    }

    /** Marks a booking that somebody will try to pay, and may succeed. */
    Booking paying(Booking booking) {
        paid.add(booking);
        return booking;
    }

    /** One of the bookings that somebody tried to pay before, if there is one. */
    Booking paid() {
        return paid.isEmpty() ? booking() : paid.get(below(paid.size()));
    }

    /** Marks a mentee who will try to buy credits, and may succeed. */
    int buying(int mentee) {
        buyers.add(mentee);
        return mentee;
    }

    /** A mentee who tried to buy credits before, if there is one. */
    int buyer() {
        return buyers.isEmpty() ? mentee() : buyers.get(below(buyers.size()));
    }

    /** A mentee, and sometimes a coach: {@link Stage#person} numbers these after those. */
    int person() {
        return chance(0.7) ? mentee() : mentees + coach();
    }

    /** Marks a person who will try to subscribe, and may succeed. */
    int subscribing(int person) {
        subscribers.add(person);
        return person;
    }

    /** A person who tried to subscribe before, if there is one. */
    int subscriber() {
        return subscribers.isEmpty() ? person() : subscribers.get(below(subscribers.size()));
    }

    /** A span of time: minutes mostly, sometimes days. */
    Duration time() {
        Duration passes = switch (below(10)) {
            case 0, 1, 2 -> Duration.ofSeconds(between(5, 120));
            case 3, 4, 5 -> Duration.ofMinutes(between(2, 29));
            case 6, 7 -> Duration.ofMinutes(between(30, 120));
            case 8 -> Duration.ofHours(between(3, 30));
            default -> Duration.ofHours(between(30, 80));
        };
        passing(passes);
        return passes;
    }

    /** Notes that so much time will pass at most. */
    void passing(Duration time) {
        elapsed = elapsed.plus(time);
    }
}
