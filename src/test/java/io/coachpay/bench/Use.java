package io.coachpay.bench;

import java.io.IOException;

/** Measures the processor time of an event, in the service and in PostgreSQL. */
final class Use {

    private final long service;
    private final long postmaster;
    private double serviceSeconds;
    private double postgresSeconds;
    private long events;

    Use(long service, long postmaster) {
        this.service = service;
        this.postmaster = postmaster;
    }

    void begin() throws IOException {
        serviceSeconds -= Processor.seconds(service);
        postgresSeconds -= Processor.seconds(postmaster);
    }

    void end(int count) throws IOException {
        serviceSeconds += Processor.seconds(service);
        postgresSeconds += Processor.seconds(postmaster);
        events += count;
    }

    /** Reports the time used since the last report. */
    void report(Report report, String work) {
        report.put(work + ".processor.service.microseconds", serviceSeconds * 1e6 / events);
        report.put(work + ".processor.postgres.microseconds", postgresSeconds * 1e6 / events);
        serviceSeconds = 0;
        postgresSeconds = 0;
        events = 0;
    }
}
