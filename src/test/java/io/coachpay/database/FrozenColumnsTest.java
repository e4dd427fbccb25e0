package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.payment.Transaction;
import io.coachpay.session.CoachingSession;

/** These entities tell which of their columns may change: no update names one that the database freezes. */
class FrozenColumnsTest {

    @ParameterizedTest
    @ValueSource(classes = { Transaction.class, CoachingSession.class })
    void updatesNothingThatTheDatabaseFreezes(Class<?> entity) throws SQLException {
        List<String> updated = updated(entity).toList();

        try (Connection owner = Database.owner()) {
            List<String> frozen = Sql.column(owner, """
                    select a.attname from pg_trigger t
                      join pg_attribute a on a.attrelid = t.tgrelid and a.attnum = any (t.tgattr)
                     where t.tgrelid = cast(? as regclass) and t.tgname = 'frozen'""",
                    entity.getAnnotation(Table.class).name());

            assertThat(frozen).contains("id", "created_at").doesNotContainAnyElementsOf(updated);
        }
        assertThat(updated).contains("status").doesNotHaveDuplicates();
    }

    private static Stream<String> updated(Class<?> type) {
        return Stream.of(type.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()) && !field.isAnnotationPresent(Id.class))
                .flatMap(field -> field.getType().isAnnotationPresent(Embeddable.class) ? updated(field.getType())
                        : updatedColumn(field));
    }

    private static Stream<String> updatedColumn(Field field) {
        Column column = field.getAnnotation(Column.class);
        if (column == null) {
            return Stream.of(field.getName());
        }
        return column.updatable() ? Stream.of(column.name().isEmpty() ? field.getName() : column.name()) : Stream.empty();
    }
}
