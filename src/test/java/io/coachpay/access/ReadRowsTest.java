package io.coachpay.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.UUID;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.user.User;

@ServiceTest
class ReadRowsTest {

    @Inject
    Access access;
    @Inject
    EntityManager entities;

    private UUID id;

    @BeforeEach
    void signIn() {
        id = UUID.fromString(Person.called("alice").id());
    }

    @Test
    void readsARowAgainThatOthersMayHaveChanged() {
        access.runAsService(() -> {
            User before = found(LockModeType.NONE);
            OwnerSql.run("update users set name = 'Renamed' where id = ?", id);
            assertThat(found(LockModeType.NONE).name()).as("read before").isEqualTo(before.name());

            ReadRows.forget(entities);

            assertThat(found(LockModeType.NONE).name()).isEqualTo("Renamed");
        });
    }

    @Test
    void keepsARowThatNobodyElseChanges() {
        access.runAsService(() -> {
            User locked = found(LockModeType.PESSIMISTIC_WRITE);

            ReadRows.forget(entities);

            assertThat(entities.contains(locked)).isTrue();
            assertThat(found(LockModeType.PESSIMISTIC_WRITE)).isSameAs(locked);
        });
    }

    private User found(LockModeType lock) {
        return Objects.requireNonNull(entities.find(User.class, id, lock));
    }
}
