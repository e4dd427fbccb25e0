package io.coachpay.journey;

import io.coachpay.OwnWorld;

/** A world in which months pass. In the one that most tests share, all that came later would live in another year. */
public class MonthsPass extends OwnWorld {

    public MonthsPass() {
        super("months_pass");
    }
}
