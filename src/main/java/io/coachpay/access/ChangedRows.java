package io.coachpay.access;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.hibernate.engine.spi.EntityEntry;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.engine.spi.Status;
import org.hibernate.metamodel.mapping.SelectableMapping;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.TypeHelper;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows.Column;

/**
 * Writes the changed entities of a database transaction, those of each table by one statement. A flush writes each by a
 * statement of its own, and PostgreSQL prepares every check and trigger of a table again for each statement: the rows of a
 * payment cost a third or a quarter where 64 are written at once.
 * <p>
 * The columns are those that the entity's mapping may update, so no second list has to be kept in step with it. As in a flush,
 * all of them are written, whichever has changed.
 */
@ApplicationScoped
public class ChangedRows {

    /** Below this many, a flush is no dearer. */
    private static final int FEWEST = 4;
    /** PostgreSQL's name for the elements of an array. */
    private static final Map<Class<?>, String> TYPES = Map.of(UUID.class, "uuid", String.class, "text", Instant.class,
            "timestamptz", BigDecimal.class, "numeric", Integer.class, "int4", Long.class, "int8", Boolean.class, "bool");

    private final EntityManager entities;
    private final Rows rows;
    private final Map<String, Optional<Update>> updates = new ConcurrentHashMap<>();

    ChangedRows(EntityManager entities, DataSource database) {
        this.entities = entities;
        this.rows = new Rows(database);
    }

    /** One entity whose row is to be written. */
    private record Changed(Object entity, EntityEntry entry, Object[] state) {
    }

    /**
     * The statement of a table.
     *
     * @param columns the updatable ones
     */
    private record Update(String sql, List<SelectableMapping> columns) {
    }

    /**
     * Writes what has changed in the tables of which several rows have; the next flush writes all else, new rows among it. The
     * caller has locked the rows.
     */
    @Transactional(TxType.MANDATORY)
    public void write() {
        SharedSessionContractImplementor session = entities.unwrap(SharedSessionContractImplementor.class);
        changed(session).forEach((persister, all) -> {
            if (all.size() >= FEWEST) {
                updates.computeIfAbsent(persister.getEntityName(), name -> update(persister))
                        .ifPresent(update -> write(update, all, session));
            }
        });
    }

    /** Tables in the order in which their first row was read: so a payment is written before its session. */
    private static Map<EntityPersister, List<Changed>> changed(SharedSessionContractImplementor session) {
        Map<EntityPersister, List<Changed>> changed = new LinkedHashMap<>();
        for (Map.Entry<Object, EntityEntry> one : session.getPersistenceContextInternal().reentrantSafeEntityEntries()) {
            EntityEntry entry = one.getValue();
            if (entry.getStatus() == Status.MANAGED && entry.isExistsInDatabase()) {
                EntityPersister persister = entry.getPersister();
                Object[] state = persister.getValues(one.getKey());
                if (persister.findDirty(state, entry.getLoadedState(), one.getKey(), session) != null) {
                    changed.computeIfAbsent(persister, none -> new ArrayList<>())
                            .add(new Changed(one.getKey(), entry, state));
                }
            }
        }
        return changed;
    }

    private void write(Update update, List<Changed> all, SharedSessionContractImplementor session) {
        List<List<@Nullable Object>> values = IntStream.rangeClosed(0, update.columns().size())
                .<List<@Nullable Object>> mapToObj(column -> new ArrayList<>(all.size())).toList();
        for (Changed one : all) {
            values.get(0).add(one.entry().getId());
            Map<String, @Nullable Object> row = row(one, session);
            for (int i = 0; i < update.columns().size(); i++) {
                values.get(i + 1).add(row.get(update.columns().get(i).getSelectionExpression()));
            }
        }
        @Nullable
        Object[] columns = IntStream.range(0, values.size())
                .mapToObj(i -> new Column(i == 0 ? "uuid" : type(update.columns().get(i - 1)), values.get(i))).toArray();
        int written = rows.update(update.sql(), columns);
        if (written != all.size()) {
            throw new IllegalStateException(written + " of " + all.size() + " rows were there for " + update.sql());
        }
        all.forEach(one -> settle(one, session));
    }

    /** Tells Hibernate that the row is as the entity is, so that no flush writes it again. */
    private static void settle(Changed one, SharedSessionContractImplementor session) {
        EntityPersister persister = one.entry().getPersister();
        TypeHelper.deepCopy(one.state(), persister.getPropertyTypes(), persister.getPropertyCheckability(), one.state(),
                session);
        one.entry().postUpdate(one.entity(), one.state(), null);
    }

    private static Map<String, @Nullable Object> row(Changed of, SharedSessionContractImplementor session) {
        Map<String, @Nullable Object> row = new HashMap<>();
        of.entry().getPersister()
                .forEachAttributeMapping(attribute -> attribute.decompose(of.state()[attribute.getStateArrayPosition()],
                        (index, value, column) -> row.put(column.getSelectionExpression(), value), session));
        return row;
    }

    /** The statement of an entity's table; empty for a mapping of which this class does not know all, which a flush does. */
    private static Optional<Update> update(EntityPersister persister) {
        List<SelectableMapping> columns = columns(persister);
        if (persister.isVersioned() || persister.hasCollections()
                || persister.getIdentifierType().getReturnedClass() != UUID.class
                || !columns.stream().allMatch(column -> TYPES.containsKey(javaType(column)))) {
            return Optional.empty();
        }
        String table = persister.getIdentifierTableDetails().getTableName();
        String set = columns.stream().map(SelectableMapping::getSelectionExpression)
                .map(column -> column + " = changed." + column).collect(Collectors.joining(", "));
        String names = columns.stream().map(SelectableMapping::getSelectionExpression).collect(Collectors.joining(", "));
        String arrays = columns.stream().map(column -> "?::" + type(column) + "[]").collect(Collectors.joining(", "));
        return Optional.of(new Update(
                "update " + table + " set " + set + " from unnest(?::uuid[], " + arrays + ") as changed (id, " + names
                        + ") where " + table + ".id = changed.id",
                columns));
    }

    private static List<SelectableMapping> columns(EntityPersister persister) {
        List<SelectableMapping> columns = new ArrayList<>();
        persister.forEachAttributeMapping(attribute -> attribute.forEachSelectable((index, column) -> {
            if (column.isUpdateable()) {
                columns.add(column);
            }
        }));
        return columns;
    }

    private static String type(SelectableMapping column) {
        String type = TYPES.get(javaType(column));
        if (type == null) {
            throw new IllegalStateException(column.getSelectionExpression() + " has a type that is not known here");
        }
        return type;
    }

    private static Class<?> javaType(SelectableMapping column) {
        return column.getJdbcMapping().getJdbcJavaType().getJavaTypeClass();
    }
}
