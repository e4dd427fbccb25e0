package io.coachpay.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** One kind of work, measured several times: its rate by the clock, and the processor time that each event takes. */
final class Rounds {

    private final Use use;
    private final List<Double> perSecond = new ArrayList<>();

    Rounds(Use use) {
        this.use = use;
    }

    /** Does the work once more, and returns how fast it was. */
    Rate add(Callable<Rate> work) throws Exception {
        use.begin();
        Rate rate = work.call();
        use.end(rate.count());
        perSecond.add(rate.perSecond());
        return rate;
    }

    /** The median of the rounds. */
    double perSecond() {
        return median(perSecond);
    }

    double microseconds() {
        return use.microseconds();
    }

    void report(Report report, String work) {
        report.put(work + ".perSecond", perSecond());
        use.report(report, work);
    }

    /** The middle one, or the mean of the two in the middle. */
    static double median(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
