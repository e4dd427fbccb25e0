package io.coachpay.session;

import java.time.Instant;
import java.util.UUID;

import org.joda.money.Money;

import io.coachpay.money.Split;

/** The frozen terms of a booking: time, length and price. */
record Booking(UUID menteeId, UUID coachId, Instant startsAt, int minutes, Money hourlyRate, PlatformFee fee,
        Split split) {
}
