package io.coachpay.refund;

import java.math.BigDecimal;
import java.util.UUID;

/** What is about to leave a coach's account and is no entry of the ledger yet; payouts are a package above. */
public interface ReservedFunds {

    /**
     * What is reserved, inside the running transaction, whose caller holds the coach.
     *
     * @param currency three capital letters
     * @return in that currency, fees included, zero for nothing
     */
    BigDecimal reserved(UUID coachId, String currency);
}
