package io.coachpay.transfer;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/**
 * The last thing that an administrator decided about money on its way.
 *
 * @param what the verb, as the database writes it
 * @param by who
 * @param at when
 */
@Embeddable
public record Decision(@Column(name = "decision") String what, @Column(name = "decided_by") UUID by,
        @Column(name = "decided_at") Instant at) {
}
