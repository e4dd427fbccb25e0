package io.coachpay.coach;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.ServiceTest;
import io.coachpay.access.Ids;
import io.coachpay.stripe.StripeSettings;

@ServiceTest
class OnboardingStateTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Inject
    ConnectSettings settings;
    @Inject
    StripeSettings stripe;

    @Test
    void standsForTheAccountItWasMadeFor() {
        UUID row = Ids.next();

        assertThat(at(NOON.plus(Duration.ofMinutes(59))).row(at(NOON).of(row))).isEqualTo(row);
    }

    @Test
    void endsAfterAnHour() {
        assertThat(at(NOON.plus(Duration.ofMinutes(61))).row(at(NOON).of(Ids.next()))).isNull();
    }

    @Test
    void standsForNothingWhenAnybodyChangedIt() {
        byte[] state = Base64.getUrlDecoder().decode(at(NOON).of(Ids.next()));

        for (int i = 0; i < state.length; i++) {
            byte[] changed = state.clone();
            changed[i] ^= 1;
            assertThat(at(NOON).row(Base64.getUrlEncoder().withoutPadding().encodeToString(changed))).isNull();
        }
    }

    @Test
    void standsForNothingWhenItIsNone() {
        assertThat(at(NOON).row(null)).isNull();
        assertThat(at(NOON).row("")).isNull();
        assertThat(at(NOON).row("no state at all")).isNull();
        assertThat(at(NOON).row("AAAA")).isNull();
    }

    private OnboardingState at(Instant now) {
        return new OnboardingState(settings, stripe, Clock.fixed(now, ZoneOffset.UTC));
    }
}
