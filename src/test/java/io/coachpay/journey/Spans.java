package io.coachpay.journey;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import jakarta.inject.Singleton;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;

/** Keeps the spans that have ended, where traces are on. */
@Singleton
public class Spans implements SpanProcessor {

    private final Queue<SpanData> ended = new ConcurrentLinkedQueue<>();

    /** The first span of this name. */
    SpanData ended(String name) {
        return ended.stream().filter(span -> span.getName().equals(name)).findFirst()
                .orElseThrow(() -> new AssertionError("No span " + name + " among " + names()));
    }

    /** The spans below this one, at any depth. */
    List<SpanData> under(SpanData top) {
        return ended.stream().filter(span -> isUnder(span, top)).toList();
    }

    /** The span of the events that were applied together with this one; its own where it was applied alone. */
    SpanData bunchOf(SpanData event) {
        return ended.stream().filter(span -> span.getName().equals("events together")
                && span.getSpanId().equals(event.getParentSpanId())).findFirst().orElse(event);
    }

    /** Names and attributes of all. */
    List<String> texts() {
        return ended.stream().map(span -> span.getName() + " " + span.getAttributes() + " " + span.getEvents()).toList();
    }

    private List<String> names() {
        return ended.stream().map(SpanData::getName).distinct().toList();
    }

    private boolean isUnder(SpanData span, SpanData top) {
        if (!span.getTraceId().equals(top.getTraceId())) {
            return false;
        }
        return span.getParentSpanId().equals(top.getSpanId()) || ended.stream()
                .filter(candidate -> candidate.getSpanId().equals(span.getParentSpanId()))
                .anyMatch(parent -> isUnder(parent, top));
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
    }

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        ended.add(span.toSpanData());
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }
}
