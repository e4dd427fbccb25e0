package io.coachpay.subscription;

import io.coachpay.http.Refused;

/** Refusals to administrators who manage plans. */
abstract class PlanRefused extends Refused {

    private PlanRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** Another administrator was faster. */
    static final class Changed extends PlanRefused {
        Changed() {
            super("plan-changed", 409, "Plan changed",
                    "The plan was changed since the time in updatedAt: read it again, and decide again");
        }
    }

    /** A plan has one successor. */
    static final class Replaced extends PlanRefused {
        Replaced() {
            super("plan-replaced", 409, "Plan replaced",
                    "Another plan is sold instead of this one: replace that, or change it");
        }
    }

    /** A successor is sold to the same people. */
    static final class OtherAudience extends PlanRefused {
        OtherAudience(Plan replaced) {
            super("plan-for-others", 422, "Plan for others",
                    "The plan to be replaced is for another audience: " + replaced.audience().column());
        }
    }
}
