package io.coachpay.refund;

import java.math.BigDecimal;
import java.util.UUID;

/** Finds money that is about to leave a coach's account and is no entry of the ledger yet; payouts are a package above. */
public interface ReservedFunds {

    /**
     * Returns the reserved sum, in the caller's database transaction, which holds the coach.
     *
     * @param currency three capital letters
     * @return in that currency, fees included, zero for nothing
     */
    BigDecimal reserved(UUID coachId, String currency);
}
