package io.coachpay.job;

/** Whether recurring work that needs Stripe has to stand still, because nobody there would listen. */
public interface Standstill {

    /** Asked with no transaction open before each run; may itself ask whether it is over. */
    boolean isOn();
}
