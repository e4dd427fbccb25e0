package io.coachpay.inbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A queue for each name, as long as somebody works on it. */
final class Queues<T> {

    private final Map<String, List<T>> waiting = new HashMap<>();

    /** Adds to a queue. Returns whether it is new: then it is the caller's to have somebody work on it until it is empty. */
    synchronized boolean add(String name, T one) {
        boolean fresh = !waiting.containsKey(name);
        waiting.computeIfAbsent(name, first -> new ArrayList<>()).add(one);
        return fresh;
    }

    /**
     * Takes what waits, the first first. Empty when nothing does; then the queue is gone, and the next to come begins a new
     * one.
     */
    synchronized List<T> take(String name, int atMost) {
        List<T> all = waiting.getOrDefault(name, List.of());
        if (all.isEmpty()) {
            waiting.remove(name);
            return List.of();
        }
        List<T> first = all.subList(0, Math.min(atMost, all.size()));
        List<T> taken = List.copyOf(first);
        first.clear();
        return taken;
    }
}
