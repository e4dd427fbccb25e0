package io.coachpay.dispute;

import java.util.Map;
import java.util.UUID;

import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.coachpay.http.AsksStripe;
import io.coachpay.http.InvalidField;
import io.coachpay.http.MoneyMoving;
import io.coachpay.http.Reference;
import io.quarkus.security.Authenticated;

/** Shows disputes to coaches, and takes their evidence. */
@Path("/v1/disputes")
@Authenticated
@Tag(name = "Disputes", description = "Payments that payers dispute with their bank")
public class DisputeResource {

    private final Disputes disputes;

    DisputeResource(Disputes disputes) {
        this.disputes = disputes;
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Get a dispute", description = "For the coach whose payment it is about, and for administrators.")
    @APIResponse(responseCode = "200", description = "The dispute")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the id is neither ours nor Stripe's")
    @APIResponse(responseCode = "404", description = "There is no such dispute, or the caller may not see it")
    public DisputeView get(
            @PathParam("id") @Parameter(description = "Our id, or Stripe's", example = "dp_1Pgc71PYHJKL5o5OFBGs4Hhk") String id) {
        return DisputeView.of(disputes.visible(Reference.of(id, "dp_", "du_")));
    }

    @PUT
    @Path("/{id}/evidence")
    @AsksStripe
    @Operation(summary = "Keep evidence", description = """
            Texts by [Stripe's names](https://docs.stripe.com/api/disputes/evidence_object), to be submitted later. Texts \
            that are not named stay unchanged, an empty one removes its text. A text may have 20,000 characters, all \
            together 150,000.""")
    @APIResponse(responseCode = "200", description = "The dispute with its evidence")
    @APIResponse(responseCode = "400", description = "`invalid-request`: a name that Stripe does not know, or a text that is too long")
    @APIResponse(responseCode = "404", description = "There is no such dispute, or the caller may not answer it")
    @APIResponse(responseCode = "409", description = "`evidence-submitted`, `evidence-past-due` or `dispute-not-open`: too late")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; the texts are stored, and sent with the next ones or on submission")
    public DisputeView stage(@PathParam("id") UUID id,
            @NotNull @RequestBody(content = @Content(mediaType = "application/json", examples = @ExampleObject(name = "texts", value = """
                    {"product_description": "75 minutes of coaching", "service_date": "2030-05-06",
                     "uncategorized_text": "We met as booked; the recording shows it."}"""))) Map<String, String> texts) {
        texts.forEach((name, text) -> {
            if (text == null) {
                throw new InvalidField(name, "must be a text; an empty one removes it");
            }
        });
        return DisputeView.of(disputes.stage(id, texts));
    }

    @POST
    @Path("/{id}/submit")
    @MoneyMoving
    @Operation(summary = "Submit the evidence", description = "Sends it to the bank, once. Stripe may charge the platform a fee for it.")
    @APIResponse(responseCode = "200", description = "The bank has it")
    @APIResponse(responseCode = "404", description = "There is no such dispute, or the caller may not answer it")
    @APIResponse(responseCode = "409", description = "`evidence-submitted`, `evidence-past-due` or `dispute-not-open`: too late")
    @APIResponse(responseCode = "422", description = "`evidence-missing`: there is nothing to submit")
    @APIResponse(responseCode = "429", description = "Too many requests that move money; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away; the evidence is submitted once Stripe is back")
    public DisputeView submit(@PathParam("id") UUID id) {
        return DisputeView.of(disputes.submit(id));
    }
}
