package io.coachpay.subscription;

import java.util.List;
import java.util.UUID;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.Choice;

/** Plans, publicly. */
@Path("/v1/plans")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Subscriptions", description = "Plans, and subscriptions to them")
public class PlanResource {

    private final Plans plans;

    PlanResource(Plans plans) {
        this.plans = plans;
    }

    @GET
    @Operation(summary = "Plans for sale", description = "By `sortOrder`, a hundred at most; needs no token.")
    @APIResponse(responseCode = "200", description = "The plans")
    @APIResponse(responseCode = "400", description = "`invalid-request`: there is no such audience")
    public List<PlanView> list(
            @QueryParam("audience") @Parameter(description = "Only plans for these", schema = @Schema(type = SchemaType.STRING, enumeration = {
                    "user", "organization" })) @Nullable String audience) {
        return plans.forSale(audience == null ? null : Choice.of("audience", audience, Audience.values(), Audience::column))
                .stream().map(PlanView::of).toList();
    }

    /** A plan for sale. */
    @Schema(name = "Plan")
    public record PlanView(UUID id, @Schema(examples = "Professional") String name,
            @Nullable @Schema(examples = "Lower fees for coaches who teach a lot") String description,
            @Schema(enumeration = {
                    "user", "organization" }, description = "Those to whom it is sold") String audience,
            @Schema(description = "What a subscriber pays at each interval") Money amount,
            @Schema(enumeration = { "month", "year" }) String interval,
            @Schema(examples = "professional", description = "The rank that subscribers have") String tier,
            @Schema(description = "Days at the beginning for which nothing is paid, once for each subscriber") int trialDays,
            Benefits benefits, @Schema(description = "Whether it is for sale") boolean active,
            @Schema(description = "Its place in the list, lowest first") int sortOrder){

        static PlanView of(Plan plan) {
            PlanTerms terms = plan.terms();
            return new PlanView(plan.id(), terms.name(), terms.description(), plan.audience().column(), plan.amount(),
                    plan.interval().column(), terms.tier(), terms.trialDays(), terms.benefits(), terms.active(),
                    terms.sortOrder());
        }
    }
}
