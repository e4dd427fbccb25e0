package io.coachpay.transfer;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/**
 * An administrator's last decision about money that is under way.
 *
 * @param what the verb, as the database writes it
 * @param by the administrator
 * @param at by our clock
 */
@Embeddable
public record Decision(@Column(name = "decision") String what, @Column(name = "decided_by") UUID by,
        @Column(name = "decided_at") Instant at) {
}
