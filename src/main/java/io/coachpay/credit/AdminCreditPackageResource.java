package io.coachpay.credit;

import java.time.Instant;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;

import io.coachpay.access.Access;
import io.coachpay.http.AsksStripe;
import io.coachpay.http.Page;
import io.coachpay.http.Paging;
import io.coachpay.money.Credits;

/** Packages of credits, for administrators. */
@Path("/v1/admin/credit-packages")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Access.ADMIN)
@Tag(name = "Credits", description = "Credits: packages of them, their purchase, and what is left")
public class AdminCreditPackageResource {

    private static final String REFUSALS = """
            `credits-below-price`: fewer credits than the price is worth; `amount-too-small`, `amount-too-large` or \
            `amount-not-chargeable`: Stripe does not charge it; `currency-not-for-credits`: credits are sold in US dollars""";
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_DESCRIPTION = 500;
    private static final long LAST_PLACE = 1_000_000;
    private static final String NAME = "[^\\p{Cntrl}]*[\\p{L}\\p{N}][^\\p{Cntrl}]*";
    private static final String ONE_LINE = "[^\\p{Cntrl}]*";

    private final CreditPackages packages;

    AdminCreditPackageResource(CreditPackages packages) {
        this.packages = packages;
    }

    @GET
    @Operation(summary = "List packages of credits", description = "Newest first, also those that are not for sale.")
    @APIResponse(responseCode = "200", description = "A page of packages")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a valid limit or cursor")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    public Page<AdminPackageView> list(@BeanParam @Valid Paging paging) {
        return Page.of(packages.all(paging), paging, CreditPackage::id, AdminPackageView::of);
    }

    @POST
    @Operation(summary = "Offer a package of credits", description = "Several packages may have one price.")
    @APIResponse(responseCode = "201", description = "The new package", content = @Content(schema = @Schema(implementation = AdminPackageView.class)))
    @APIResponse(responseCode = "400", description = "`invalid-request`: the field that is wrong is named")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    @APIResponse(responseCode = "422", description = REFUSALS)
    public RestResponse<AdminPackageView> create(@Valid @NotNull NewPackage form) {
        return RestResponse.status(RestResponse.Status.CREATED, AdminPackageView.of(packages.create(form.terms())));
    }

    @PATCH
    @Path("/{id}")
    @AsksStripe
    @Operation(summary = "Change a package of credits", description = """
            Fields that are left out stay. The change is for later buyers: who has bought, or has an open page, keeps what was \
            agreed. A package is put out of sale, never deleted. Another name goes to Stripe too if the package was ever sold; \
            when Stripe is away, it follows later.""")
    @APIResponse(responseCode = "200", description = "The package as changed")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the field that is wrong is named")
    @APIResponse(responseCode = "403", description = "The caller is not an administrator")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no package of that id")
    @APIResponse(responseCode = "409", description = "`package-changed`: somebody changed it after `updatedAt`; read it again")
    @APIResponse(responseCode = "422", description = REFUSALS)
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public AdminPackageView change(@PathParam("id") UUID id, @Valid @NotNull PackageChange form) {
        return AdminPackageView.of(packages.change(id, form.updatedAt(), form::on));
    }

    /** A package to be offered. */
    @Schema(name = "NewCreditPackage")
    public record NewPackage(
            @Schema(required = true, examples = "Professional") @NotNull @Size(min = 1, max = LONGEST_NAME) @Pattern(regexp = NAME, message = "must be one line with a letter or a digit") String name,
            @Schema(examples = "For regular usage") @Size(max = LONGEST_DESCRIPTION) @Pattern(regexp = ONE_LINE, message = "must be one line") @Nullable String description,
            @Schema(required = true, description = "What a buyer pays, in US dollars") @NotNull Money amount,
            @Schema(required = true, implementation = String.class, examples = "33.000000", description = "The credits that a buyer gets, not fewer than the amount; up to 99999.999999, with at most six digits after the point, as a text or a number") @NotNull @JsonDeserialize(using = CreditAmountReader.class) Credits creditAmount,
            @Schema(description = "Whether it is for sale at once; true if left out") @Nullable Boolean active,
            @Schema(description = "Its place in the list, lowest first; 0 if left out") @Min(0) @Max(LAST_PLACE) @Nullable Integer sortOrder) {

        PackageTerms terms() {
            return new PackageTerms(name.strip(), stripped(description), amount, creditAmount, active == null || active,
                    sortOrder == null ? 0 : sortOrder);
        }
    }

    /** A change of a package; an absent field stays unchanged. */
    @Schema(name = "CreditPackageChange", description = "An absent field stays unchanged")
    public record PackageChange(
            @Schema(examples = "Professional") @Size(min = 1, max = LONGEST_NAME) @Pattern(regexp = NAME, message = "must be one line with a letter or a digit") @Nullable String name,
            @Schema(examples = "For regular usage", description = "An empty text removes it") @Size(max = LONGEST_DESCRIPTION) @Pattern(regexp = ONE_LINE, message = "must be one line") @Nullable String description,
            @Schema(description = "What a buyer pays, in US dollars") @Nullable Money amount,
            @Schema(implementation = String.class, examples = "33.000000", description = "The credits that a buyer gets, not fewer than the amount; up to 99999.999999, with at most six digits after the point, as a text or a number") @JsonDeserialize(using = CreditAmountReader.class) @Nullable Credits creditAmount,
            @Schema(description = "Whether it is for sale") @Nullable Boolean active,
            @Schema(description = "Its place in the list, lowest first") @Min(0) @Max(LAST_PLACE) @Nullable Integer sortOrder,
            @Schema(description = "The caller's copy has this; where the package has another, nothing is changed") @Nullable Instant updatedAt) {

        PackageTerms on(PackageTerms terms) {
            return new PackageTerms(name == null ? terms.name() : name.strip(),
                    description == null ? terms.description() : stripped(description),
                    amount == null ? terms.price() : amount, creditAmount == null ? terms.credits() : creditAmount,
                    active == null ? terms.active() : active, sortOrder == null ? terms.sortOrder() : sortOrder);
        }
    }

    private static @Nullable String stripped(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** A package, with fields that only administrators see. */
    @Schema(name = "AdminCreditPackage")
    public record AdminPackageView(@JsonUnwrapped CreditPackageResource.PackageView offer,
            @Nullable @Schema(examples = "prod_NWjs8kKbJWmuuc", description = "Stripe's id of the product; missing until the first package is sold") String productId,
            Instant createdAt,
            @Schema(description = "When an administrator last changed it; send it along with a change") Instant updatedAt) {

        static AdminPackageView of(CreditPackage row) {
            return new AdminPackageView(CreditPackageResource.PackageView.of(row), row.product().stripeId(), row.createdAt(),
                    row.updatedAt());
        }
    }
}
