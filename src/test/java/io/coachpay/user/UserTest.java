package io.coachpay.user;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UserTest {

    @Test
    void followsWhatTheTokenSaysAnew() {
        User user = new User();

        boolean changed = user.apply(new TokenClaims("sub", "ann@example.com", "Ann"));

        assertThat(changed).isTrue();
        assertThat(user.email()).isEqualTo("ann@example.com");
        assertThat(user.name()).isEqualTo("Ann");
        assertThat(user.apply(new TokenClaims("sub", "ann@example.com", "Ann"))).isFalse();
    }

    @Test
    void keepsWhatThePersonChangedWhileTheTokenSaysTheSame() {
        User user = new User();
        user.apply(new TokenClaims("sub", "ann@example.com", "Ann"));
        user.rename("Annie");

        boolean changed = user.apply(new TokenClaims("sub", "ann@example.org", "Ann"));

        assertThat(changed).isTrue();
        assertThat(user.name()).isEqualTo("Annie");
        assertThat(user.email()).isEqualTo("ann@example.org");
    }

    @Test
    void keepsWhatStripeDoesNotKnow() {
        User user = new User();
        user.apply(new TokenClaims("sub", "ann@example.com", "Ann"));

        user.hear(null, "Ann Archer");

        assertThat(user.email()).isEqualTo("ann@example.com");
        assertThat(user.name()).isEqualTo("Ann Archer");
    }

    @Test
    void saysWhetherANameIsAnother() {
        User user = new User();

        assertThat(user.rename("Ann")).isTrue();
        assertThat(user.rename("Ann")).isFalse();
        assertThat(user.changeEmail(null)).isFalse();
    }
}
