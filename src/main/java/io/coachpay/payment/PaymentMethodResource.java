package io.coachpay.payment;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.quarkus.security.Authenticated;

/** Lists the caller's saved payment methods. */
@Path("/v1/me/payment-methods")
@Authenticated
@Tag(name = "Payments")
public class PaymentMethodResource {

    private final PaymentMethods methods;

    PaymentMethodResource(PaymentMethods methods) {
        this.methods = methods;
    }

    @GET
    @Operation(summary = "List my saved payment methods", description = "Newest first; brand, last four digits and expiry only.")
    public List<PaymentMethodView> list() {
        return methods.mine();
    }
}
