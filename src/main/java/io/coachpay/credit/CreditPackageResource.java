package io.coachpay.credit;

import java.util.List;
import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.InvalidField;
import io.coachpay.money.Credits;
import io.coachpay.money.MoneyRefused;
import io.coachpay.money.MoneyText;

/** Packages of credits, publicly. */
@Path("/v1/credit-packages")
@Tag(name = "Credits", description = "Credits: packages of them, their purchase, and what is left")
public class CreditPackageResource {

    private final CreditPackages packages;

    CreditPackageResource(CreditPackages packages) {
        this.packages = packages;
    }

    @GET
    @Operation(summary = "Packages of credits for sale", description = "By `sortOrder`, a hundred at most; needs no token.")
    @APIResponse(responseCode = "200", description = "The packages; none where no package has that price")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the amount is not one of US dollars")
    public List<PackageView> list(
            @QueryParam("amount") @Parameter(description = "Only packages of this price, in US dollars", example = "15.00") @Nullable String amount) {
        return packages.forSale(amount == null ? null : price(amount)).stream().map(PackageView::of).toList();
    }

    private static Money price(String amount) {
        try {
            return MoneyText.parse(amount, Credits.CURRENCY.getCode());
        } catch (MoneyRefused.Malformed malformed) {
            throw new InvalidField("amount", String.valueOf(malformed.getMessage()));
        }
    }

    /** A package for sale. */
    @Schema(name = "CreditPackage")
    public record PackageView(UUID id, @Schema(examples = "Large Package") String name,
            @Nullable @Schema(examples = "Best value for heavy usage") String description,
            @Schema(description = "What a buyer pays") Money amount,
            @Schema(examples = "33.000000", description = "The credits that a buyer gets; one is worth 1.00 USD") String creditAmount,
            @Schema(description = "Whether it is for sale") boolean active,
            @Schema(description = "Its place in the list, lowest first") int sortOrder) {

        static PackageView of(CreditPackage row) {
            return new PackageView(row.id(), row.name(), row.description(), row.price(), row.credits().toString(),
                    row.isActive(), row.sortOrder());
        }
    }
}
