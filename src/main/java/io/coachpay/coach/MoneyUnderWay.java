package io.coachpay.coach;

import java.util.UUID;

/** Money that may still reach a coach and is no entry of the ledger yet. All implementations, in packages above, are asked. */
public interface MoneyUnderWay {

    /** Whether money is on its way to or from this coach's account. Runs inside the caller's database transaction. */
    boolean isUnderWay(UUID coachId);
}
