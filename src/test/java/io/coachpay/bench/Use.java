package io.coachpay.bench;

import java.io.IOException;

/**
 * Measures the processor time of an event: in the service, in PostgreSQL, and in whatever sends the work, which is this process
 * and those it waits for. Where the machine has other work, a ratio of processor times says more than one of rates.
 */
final class Use {

    /** Of work that the service has no part in. */
    private static final long NO_SERVICE = 0;

    private final long service;
    private final long postmaster;
    private double serviceSeconds;
    private double compilerSeconds;
    private double postgresSeconds;
    private double clientSeconds;
    private long events;

    /** Of work that the service does. */
    Use(long service, long postmaster) {
        this.service = service;
        this.postmaster = postmaster;
    }

    /** Of work that reaches PostgreSQL without the service. */
    Use(long postmaster) {
        this(NO_SERVICE, postmaster);
    }

    void begin() throws IOException {
        add(-1);
    }

    void end(long count) throws IOException {
        add(1);
        events += count;
    }

    private void add(int sign) throws IOException {
        if (service != NO_SERVICE) {
            serviceSeconds += sign * Processor.seconds(service);
            compilerSeconds += sign * Processor.compilerSeconds(service);
        }
        postgresSeconds += sign * Processor.seconds(postmaster);
        clientSeconds += sign * Processor.clientSeconds();
    }

    /** The compilers' part of the service's time: above a few hundredths, the figures are those of a start. */
    double compilerShare() {
        return serviceSeconds == 0 ? 0 : Math.max(0, compilerSeconds) / serviceSeconds;
    }

    /** All time of an event. */
    double microseconds() {
        return each(serviceSeconds + postgresSeconds + clientSeconds);
    }

    void report(Report report, String work) {
        if (service != NO_SERVICE) {
            report.put(work + ".processor.service.microseconds", each(serviceSeconds));
            report.put(work + ".processor.compiler.microseconds", each(Math.max(0, compilerSeconds)));
        }
        report.put(work + ".processor.postgres.microseconds", each(postgresSeconds));
        report.put(work + ".processor.client.microseconds", each(clientSeconds));
        report.put(work + ".processor.microseconds", microseconds());
    }

    private double each(double seconds) {
        return events == 0 ? 0 : seconds * 1e6 / events;
    }
}
