package io.coachpay.job;

/** Pauses recurring work that needs Stripe, while Stripe would refuse all of it. */
public interface Standstill {

    /**
     * Whether work is paused. Asked before each run, while no database transaction is open; may itself ask Stripe whether the
     * pause is over.
     */
    boolean isOn();
}
