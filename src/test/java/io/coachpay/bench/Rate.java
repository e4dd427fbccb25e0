package io.coachpay.bench;

/** An amount of work, and the seconds it took. */
record Rate(long count, double seconds) {

    double perSecond() {
        return count / seconds;
    }
}
