package io.coachpay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Processor time that processes have used, as Linux reports it; zero elsewhere. */
final class Processor {

    private Processor() {
    }

    /** Seconds used by a process and by its children, those that have ended included. */
    static double seconds(long pid) throws IOException {
        if (!Files.exists(Path.of("/proc/self/stat"))) {
            return 0;
        }
        try (Stream<ProcessHandle> children = ProcessHandle.of(pid).stream().flatMap(ProcessHandle::children)) {
            long ticks = children.mapToLong(child -> ticks(child.pid(), 2)).sum() + ticks(pid, 4);
            return ticks / 100.0;
        }
    }

    /** User and system time, and with four fields also that of children that have ended. */
    private static long ticks(long pid, int fields) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] parts = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Stream.of(parts).skip(11).limit(fields).mapToLong(Long::parseLong).sum();
        } catch (IOException e) {
            // It has ended meanwhile; its parent counts it.
            return 0;
        }
    }
}
