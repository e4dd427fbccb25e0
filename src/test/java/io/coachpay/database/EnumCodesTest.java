package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumeratedValue;
import jakarta.persistence.Table;

import org.junit.jupiter.api.Test;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** A code that the database allows and an enum lacks would make its row unreadable. */
class EnumCodesTest {

    private static final Pattern CODE = Pattern.compile("'([a-z_]+)'");

    /** Codes by their column that nothing writes yet. A release that reads one goes out before one that writes it. */
    private static final Map<String, Set<String>> NOT_YET = Map.of("sessions.cancelled_by", Set.of("service"));

    /** A column without a check, which only the service writes. */
    private static final String UNCHECKED = "stripe_connected_accounts.verification_status";

    @Test
    void readsEveryCodeThatTheDatabaseAllows() throws SQLException {
        Map<String, Set<String>> ours = new TreeMap<>();
        new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.coachpay")
                .stream().filter(type -> type.isAnnotatedWith(Entity.class)).map(JavaClass::reflect)
                .forEach(entity -> collect(entity.getAnnotation(Table.class).name(), entity, ours));

        ours.remove(UNCHECKED);

        Map<String, Set<String>> allowed = new TreeMap<>();
        try (Connection owner = Database.owner()) {
            for (String column : ours.keySet()) {
                allowed.put(column, allowed(owner, column));
            }
        }
        allowed.forEach((column, codes) -> codes.removeAll(NOT_YET.getOrDefault(column, Set.of())));

        assertThat(ours).hasSizeGreaterThan(10).isEqualTo(allowed);
    }

    private static void collect(String table, Class<?> type, Map<String, Set<String>> codes) {
        for (Field field : type.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                continue;
            }
            if (field.getType().isAnnotationPresent(Embeddable.class)) {
                collect(table, field.getType(), codes);
            } else if (field.getType().isEnum()) {
                codes.put(table + "." + name(field, field.getName()), codes(field.getType()));
            }
        }
    }

    private static String name(AnnotatedElement field, String otherwise) {
        return Optional.ofNullable(field.getAnnotation(Column.class)).map(Column::name).orElse(otherwise);
    }

    private static Set<String> codes(Class<?> type) {
        Field code = Stream.of(type.getDeclaredFields()).filter(field -> field.isAnnotationPresent(EnumeratedValue.class))
                .findAny().orElseThrow(() -> new AssertionError(type + " writes the names of its constants"));
        code.setAccessible(true);
        return Stream.of(type.getEnumConstants()).map(constant -> {
            try {
                return (String) code.get(constant);
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> allowed(Connection owner, String column) throws SQLException {
        String[] parts = column.split("\\.", -1);
        return Sql.column(owner, """
                select pg_get_constraintdef(c.oid) from pg_constraint c
                  join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
                 where c.contype = 'c' and cardinality(c.conkey) = 1 and c.conrelid = cast(? as regclass) and a.attname = ?""",
                parts[0], parts[1]).stream().flatMap(check -> CODE.matcher(check).results())
                .map((MatchResult code) -> code.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
