package io.coachpay.user;

import java.time.Instant;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.Reference;

/** People's Stripe customers, for administrators. */
@Path("/v1/admin/customers")
@RolesAllowed(Access.ADMIN)
@Tag(name = "Customers", description = "People's customers at Stripe")
public class AdminCustomerResource {

    private final Customers customers;

    AdminCustomerResource(Customers customers) {
        this.customers = customers;
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Look at a person who pays", description = "By the user's id or Stripe's id of the customer.")
    @APIResponse(responseCode = "200", description = "The person, and whether Stripe has their latest name and e-mail")
    @APIResponse(responseCode = "400", description = "`invalid-request`: neither our id nor Stripe's")
    @APIResponse(responseCode = "403", description = "Only administrators see it")
    @APIResponse(responseCode = "404", description = "There is no such person, or Stripe's customer is not ours")
    public CustomerView find(
            @PathParam("id") @Parameter(description = "The user's id, or Stripe's of the customer", example = "cus_NffrFeUfNV2Hib") String id) {
        return customers.seen(Reference.of(id, "cus_"));
    }

    /** A person, and the customer at Stripe. */
    @Schema(name = "Customer")
    public record CustomerView(UUID userId, @Nullable String email, @Nullable String name,
            @Nullable @Schema(examples = "cus_NffrFeUfNV2Hib", description = "Missing before the first need, and after Stripe deleted it") String stripeCustomerId,
            @Nullable @Schema(enumeration = {
                    "pending", "synced", "failed",
                    "missing" }, description = "Whether Stripe has our latest data; `failed`: it refused a part, and payments work without it") String syncStatus,
            @Nullable @Schema(description = "The address that Stripe did not take") String refusedEmail,
            @Nullable @Schema(description = "The name that Stripe did not take") String refusedName,
            @Nullable @Schema(description = "When Stripe last had everything that it accepts") Instant syncedAt){

        static CustomerView of(User user, @Nullable Customer customer) {
            return customer == null ? new CustomerView(user.id(), user.email(), user.name(), null, null, null, null, null)
                    : new CustomerView(user.id(), user.email(), user.name(), customer.stripeId(),
                            customer.details().syncStatus().column, customer.details().refusedEmail(),
                            customer.details().refusedName(),
                            customer.details().syncedAt());
        }
    }
}
