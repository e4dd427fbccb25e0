package io.coachpay.user;

import io.coachpay.http.Refused;

/** Stripe cannot tell from an address where tax is due. */
public final class AddressNotTaxable extends Refused {

    public AddressNotTaxable() {
        super("address-not-taxable", 422, "Address not taxable",
                "The address does not tell where tax is due: PUT /v1/me/billing-details with one that Stripe knows");
    }
}
