package io.coachpay.coach;

import java.util.UUID;

/** What may still bring money to a coach, and is no entry of the ledger yet. All of them are asked; each is a package above. */
public interface MoneyUnderWay {

    /** Whether anything is on its way to this coach's account, or back from there, inside the running transaction. */
    boolean isUnderWay(UUID coachId);
}
