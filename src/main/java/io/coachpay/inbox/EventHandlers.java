package io.coachpay.inbox;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.arc.All;
import io.quarkus.arc.ClientProxy;

/** Finds the handlers of an event. */
@ApplicationScoped
public class EventHandlers {

    private final Map<Endpoint, Map<String, List<EventHandler>>> byType = new EnumMap<>(Endpoint.class);

    EventHandlers(@All List<EventHandler> handlers) {
        for (Endpoint endpoint : Endpoint.values()) {
            byType.put(endpoint, new HashMap<>());
        }
        // The name breaks ties, so that every instance applies them in the same order.
        handlers.stream()
                .sorted(Comparator.comparingInt(EventHandler::order)
                        .thenComparing(handler -> ClientProxy.unwrap(handler).getClass().getName()))
                .forEach(this::add);
    }

    private void add(EventHandler handler) {
        for (Endpoint endpoint : handler.endpoints()) {
            for (String type : handler.types()) {
                at(endpoint).computeIfAbsent(type, key -> new ArrayList<>()).add(handler);
            }
        }
    }

    /** The types with a handler at this endpoint: those that Stripe should send there. */
    public Set<String> types(Endpoint endpoint) {
        return Set.copyOf(at(endpoint).keySet());
    }

    /** The handlers of a type, in their order. */
    List<EventHandler> of(Endpoint endpoint, String type) {
        return at(endpoint).getOrDefault(type, List.of());
    }

    /** Those that take the event, in their order. */
    List<EventHandler> of(Event event) {
        return of(event.endpoint(), event.type()).stream().filter(handler -> handler.takes(event)).toList();
    }

    /** The one thing that all handlers of an event name; empty where one names none, or another. */
    static <T> Optional<T> agreed(List<EventHandler> takers, Function<EventHandler, Optional<T>> names) {
        Set<Optional<T>> all = takers.stream().map(names).collect(Collectors.toSet());
        return all.size() == 1 ? all.iterator().next() : Optional.empty();
    }

    private Map<String, List<EventHandler>> at(Endpoint endpoint) {
        return byType.getOrDefault(endpoint, Map.of());
    }
}
