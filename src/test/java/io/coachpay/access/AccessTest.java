package io.coachpay.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.journey.Marketplace;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;

/** Identities of database transactions, and the rows that each sees. */
@ServiceTest
class AccessTest {

    @Inject
    Access access;

    @Inject
    EntityManager entities;

    @Inject
    DataSource database;

    @Inject
    CurrentIdentityAssociation association;

    @BeforeEach
    void signOut() {
        association.setIdentity(QuarkusSecurityIdentity.builder().setAnonymous(true).build());
    }

    @Test
    void runsAsNobodyInParticular() {
        assertThat(role()).containsExactly("app_user", "");
    }

    @Test
    void runsAsTheCaller() {
        UUID alice = signIn(Person.called("alice").id());

        assertThat(role()).containsExactly("app_user", alice.toString());
    }

    @Test
    void runsAsTheServiceOnce() {
        UUID alice = signIn(Person.called("alice").id());

        assertThat(access.asService(this::roleHere)).containsExactly("app_service", "");
        assertThat(role()).containsExactly("app_user", alice.toString());
    }

    @Test
    void keepsNoRoleOfWhatWasRolledBack() {
        UUID alice = signIn(Person.called("alice").id());

        for (int i = 0; i < 30; i++) {
            assertThatThrownBy(() -> access.runAsService(() -> {
                roleHere();
                throw new UnsupportedOperationException();
            })).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> access.runAsService(() -> entities.createNativeQuery("select 1 / 0").getSingleResult()))
                    .isNotNull();
            assertThat(role()).containsExactly("app_user", alice.toString());
        }
    }

    @Test
    void refusesToChangeTheRoleOfARunningTransaction() {
        assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> access.runAsService(this::roleHere)))
                .hasStackTraceContaining("cannot change its identity");
        assertThatThrownBy(() -> access.runAsService(() -> access.runAsService(this::roleHere)))
                .hasStackTraceContaining("cannot change its identity");
    }

    @Test
    void makesAdministratorsOfThoseAlone() {
        assertThatThrownBy(() -> access.asAdmin(this::roleHere)).isInstanceOf(UnauthorizedException.class);

        signIn(Person.called("alice").id());
        assertThatThrownBy(() -> access.asAdmin(this::roleHere)).isInstanceOf(ForbiddenException.class);

        UUID admin = signIn(Person.admin().id(), Access.ADMIN);
        assertThat(access.asAdmin(this::roleHere)).containsExactly("app_admin", admin.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = { "users", "sessions", "transactions", "ledger_entries", "stripe_events", "idempotency_keys" })
    void seesNothingOutsideOfTransactions(String table) throws SQLException {
        try (Connection connection = database.getConnection(); Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.executeQuery("select * from " + table))
                    .hasMessageContaining("permission denied");
            try (ResultSet settings = statement.executeQuery("select current_setting('app.user_id', true)")) {
                settings.next();
                assertThat(settings.getString(1)).isNullOrEmpty();
            }
        }
    }

    @Test
    void showsOnesOwnRowsAlone() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Person alice = Person.called("alice");
        String session = Marketplace.booked(alice, carol, Marketplace.freeTime(), 60);
        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(200);

        signIn(alice.id());
        assertThat(count("sessions", "id", session)).isOne();
        assertThat(count("transactions", "session_id", session)).isOne();
        assertThat(count("users", "id", alice.id())).isOne();

        signIn(Person.called("bob").id());
        assertThat(count("sessions", "id", session)).isZero();
        assertThat(count("transactions", "session_id", session)).isZero();
        assertThat(count("users", "id", alice.id())).isZero();
        assertThat(count("stripe_customers", "user_id", alice.id())).isZero();
        assertThat(count("stripe_connected_accounts", "user_id", carol.id())).isZero();

        signOut();
        assertThat(count("sessions", "id", session)).isZero();
        assertThat(count("users", "id", alice.id())).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = { "update sessions set price_amount = 0", "update transactions set status = 'completed'",
            "insert into ledger_entries default values", "delete from users",
            "update coach_profiles set platform_fee_percentage = 0",
            "select * from stripe_events" })
    void refusesWhatIsNotForPeople(String statement) {
        signIn(Person.called("alice").id());

        assertThatThrownBy(() -> QuarkusTransaction.requiringNew()
                .run(() -> entities.createNativeQuery(statement).executeUpdate()))
                .hasStackTraceContaining("permission denied");
    }

    private UUID signIn(String userId, String... roles) {
        QuarkusSecurityIdentity.Builder identity = QuarkusSecurityIdentity.builder().setPrincipal(new QuarkusPrincipal(userId))
                .addAttribute(Access.USER_ID, UUID.fromString(userId));
        List.of(roles).forEach(identity::addRole);
        association.setIdentity(identity.build());
        return UUID.fromString(userId);
    }

    private long count(String table, String column, String id) {
        return QuarkusTransaction.requiringNew().call(() -> ((Number) entities
                .createNativeQuery("select count(*) from " + table + " where " + column + " = ?1")
                .setParameter(1, UUID.fromString(id)).getSingleResult()).longValue());
    }

    private Object[] role() {
        return QuarkusTransaction.requiringNew().call(this::roleHere);
    }

    private Object[] roleHere() {
        return (Object[]) entities.createNativeQuery("select current_user::text, current_setting('app.user_id')")
                .getSingleResult();
    }
}
