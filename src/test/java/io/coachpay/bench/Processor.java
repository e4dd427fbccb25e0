package io.coachpay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Processor time that processes have used, as Linux reports it; zero elsewhere. */
final class Processor {

    private static final Path PROCESSES = Path.of("/proc");
    private static final Path SELF = PROCESSES.resolve("self");
    /** Linux cuts the names of threads off. */
    private static final String COMPILER = "C[12] CompilerThre.*\\s*";

    private Processor() {
    }

    /** Seconds used by a process and by its children, those that have ended included. */
    static double seconds(long pid) throws IOException {
        if (!Files.exists(SELF)) {
            return 0;
        }
        try (Stream<ProcessHandle> children = ProcessHandle.of(pid).stream().flatMap(ProcessHandle::children)) {
            long ticks = children.mapToLong(child -> ticks(child.pid(), 2)).sum() + ticks(pid, 4);
            return ticks / 100.0;
        }
    }

    /**
     * Seconds used by the compiler threads of a Java process that are still there. One of each kind always is; others come and
     * go, so that a difference of two answers may be too low.
     */
    static double compilerSeconds(long pid) throws IOException {
        Path threads = PROCESSES.resolve(pid + "/task");
        if (!Files.exists(threads)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(threads)) {
            return all.filter(Processor::compiles).mapToLong(thread -> ticks(thread, 2)).sum() / 100.0;
        }
    }

    /** Seconds used by this process, and by those that it has started and waited for. */
    static double clientSeconds() {
        return ticks(SELF, 4) / 100.0;
    }

    private static boolean compiles(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).matches(COMPILER);
        } catch (IOException e) {
            // It has ended meanwhile.
            return false;
        }
    }

    private static long ticks(long pid, int fields) {
        return ticks(PROCESSES.resolve(Long.toString(pid)), fields);
    }

    /** User and system time, and with four fields also that of children that have ended. */
    private static long ticks(Path of, int fields) {
        try {
            String stat = Files.readString(of.resolve("stat"));
            String[] parts = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Stream.of(parts).skip(11).limit(fields).mapToLong(Long::parseLong).sum();
        } catch (IOException e) {
            // It has ended meanwhile; its parent counts it.
            return 0;
        }
    }
}
