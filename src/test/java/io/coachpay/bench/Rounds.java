package io.coachpay.bench;

import java.util.ArrayList;
import java.util.List;

/** One figure, measured several times. */
final class Rounds {

    private final List<Double> figures = new ArrayList<>();

    void add(double figure) {
        figures.add(figure);
    }

    double median() {
        return figures.stream().sorted().skip(figures.size() / 2).findFirst().orElseThrow();
    }
}
