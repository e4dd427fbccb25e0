package io.coachpay.user;

import java.util.List;
import java.util.Locale;
import java.util.Set;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.AsksStripe;
import io.coachpay.http.InvalidField;
import io.coachpay.stripe.StripeAddress;
import io.quarkus.security.Authenticated;

/** The place where the caller is taxed. */
@Path("/v1/me/billing-details")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Me")
public class BillingDetailsResource {

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
    private static final String ONE_LINE = ProfileChange.ONE_LINE;
    private static final String NOT_BLANK = ProfileChange.NOT_BLANK;
    private static final int LONGEST_LINE = 200;
    private static final int LONGEST_PART = 100;
    private static final int LONGEST_CODE = 20;

    private final BillingDetails details;

    BillingDetailsResource(BillingDetails details) {
        this.details = details;
    }

    @GET
    @Operation(summary = "Your billing details", description = """
            Name, address and tax ids as Stripe has them. What you write on Stripe's page or in the billing portal is shown \
            here too.""")
    @APIResponse(responseCode = "200", description = "The billing details")
    public BillingDetailsView mine() {
        return BillingDetailsView.of(details.mine());
    }

    @PUT
    @AsksStripe
    @Operation(summary = "Change your billing address", description = """
            The address replaces the one before as a whole, and tells Stripe where tax is due on your subscription. A name \
            that is left out stays; otherwise it is your name here too.""")
    @APIResponse(responseCode = "200", description = "The billing details as changed")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the field that is wrong is named")
    @APIResponse(responseCode = "422", description = "`address-not-taxable`: Stripe cannot tell from it where tax is due; nothing was changed")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; nothing is lost, send the request again")
    public BillingDetailsView change(@Valid @NotNull BillingDetailsChange change) {
        BillingAddress address = change.address();
        if (!COUNTRIES.contains(address.country())) {
            throw new InvalidField("address.country", "must be an upper-case two-letter code of a country, such as US");
        }
        details.change(change.name(), address.stripes());
        return mine();
    }

    /** A wish for other billing details. */
    @Schema(name = "BillingDetailsChange")
    public record BillingDetailsChange(
            @Schema(examples = "Alice Archer") @Size(min = 1, max = ProfileChange.LONGEST_NAME) @Pattern(regexp = ONE_LINE, message = NOT_BLANK) @Nullable String name,
            @NotNull @Valid BillingAddress address) {
    }

    /** An address to be taxed at. */
    @Schema(name = "BillingAddress")
    public record BillingAddress(
            @Schema(examples = "510 Townsend St") @NotNull @Size(min = 1, max = LONGEST_LINE) @Pattern(regexp = ONE_LINE, message = NOT_BLANK) String line1,
            @Size(min = 1, max = LONGEST_LINE) @Pattern(regexp = ONE_LINE, message = NOT_BLANK) @Nullable String line2,
            @Schema(examples = "San Francisco") @NotNull @Size(min = 1, max = LONGEST_PART) @Pattern(regexp = ONE_LINE, message = NOT_BLANK) String city,
            @Schema(examples = "CA") @Size(min = 1, max = LONGEST_PART) @Pattern(regexp = ONE_LINE, message = NOT_BLANK) @Nullable String state,
            @Schema(examples = "94103", description = "Left out where a country has none") @Size(min = 1, max = LONGEST_CODE) @Pattern(regexp = ONE_LINE, message = NOT_BLANK) @Nullable String postalCode,
            @Schema(examples = "US") @NotNull @Pattern(regexp = "[A-Z]{2}", message = "must be an upper-case two-letter code of a country, such as US") String country) {

        StripeAddress stripes() {
            return new StripeAddress(line1, line2, city, state, postalCode, country);
        }

        @Override
        public String toString() {
            return "BillingAddress[" + country + "]";
        }
    }

    /** An address as Stripe has it: on its pages people may leave parts out. */
    @Schema(name = "BillingAddressView")
    public record BillingAddressView(@Nullable String line1, @Nullable String line2, @Nullable String city,
            @Nullable String state, @Nullable String postalCode, @Nullable String country) {

        static BillingAddressView of(StripeAddress address) {
            return new BillingAddressView(address.line1(), address.line2(), address.city(), address.state(),
                    address.postalCode(), address.country());
        }

        @Override
        public String toString() {
            return "BillingAddressView[" + country + "]";
        }
    }

    /** A number under which the caller pays taxes. */
    @Schema(name = "TaxId")
    public record TaxIdView(@Schema(examples = "eu_vat") String type, @Schema(examples = "DE123456789") @Nullable String value,
            @Schema(examples = "verified", description = "What its authority says: `pending`, `unavailable`, `unverified` or `verified`") String verification) {

        @Override
        public String toString() {
            return "TaxIdView[" + type + "]";
        }
    }

    /** Billing details. */
    @Schema(name = "BillingDetails")
    public record BillingDetailsView(@Nullable String name,
            @Nullable @Schema(description = "Missing before the first one") BillingAddressView address,
            @Schema(examples = "none", description = "`none`, or why you pay no tax: `exempt`, or `reverse` where you owe it yourself") String taxExempt,
            List<TaxIdView> taxIds) {

        static BillingDetailsView of(BillingDetails.Known known) {
            Customer customer = known.customer();
            StripeAddress address = customer == null ? null : customer.billing().address();
            return new BillingDetailsView(known.name(), address == null ? null : BillingAddressView.of(address),
                    customer == null ? "none" : customer.billing().taxExempt(), known.taxIds().stream()
                            .map(taxId -> new TaxIdView(taxId.type(), taxId.value(), taxId.verification())).toList());
        }
    }
}
