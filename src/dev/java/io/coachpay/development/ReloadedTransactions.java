package io.coachpay.development;

import java.lang.reflect.Field;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.ShutdownEvent;

/**
 * Makes a live reload forget the earlier application's transaction manager. Quarkus keeps it in static fields of a class that
 * is not reloaded. From the second reload on, it would notify observers that are gone, and every database transaction would
 * fail.
 */
@ApplicationScoped
@IfBuildProfile("dev")
class ReloadedTransactions {

    private static final Logger LOG = Logger.getLogger(ReloadedTransactions.class);
    private static final String KEEPER = "io.quarkus.narayana.jta.QuarkusTransactionImpl";
    private static final List<String> KEPT = List.of("cachedTransactionManager", "cachedUserTransaction");

    void forget(@Observes ShutdownEvent end) {
        for (String name : KEPT) {
            try {
                Field kept = Class.forName(KEEPER).getDeclaredField(name);
                kept.setAccessible(true);
                kept.set(null, null);
            } catch (ReflectiveOperationException e) {
                LOG.warnf("Restart after the next change, a live reload will not do: %s", e);
            }
        }
    }
}
