package io.coachpay.coach;

import java.math.BigDecimal;
import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.quarkus.security.Authenticated;

/** A coach's own terms. */
@Path("/v1/me/coach-profile")
@Authenticated
@Tag(name = "Coaches", description = "Coaches who can be booked, their terms and their earnings")
public class CoachProfileResource {

    private final Coaches coaches;

    CoachProfileResource(Coaches coaches) {
        this.coaches = coaches;
    }

    @GET
    @Operation(summary = "My coach profile")
    @APIResponse(responseCode = "200", description = "Terms and figures")
    @APIResponse(responseCode = "404", description = "`not-found`: the signed-in person is not a coach")
    public ProfileView profile() {
        return ProfileView.of(coaches.profile());
    }

    @PUT
    @Operation(summary = "Become a coach, or change my terms", description = """
            Replaces all terms; what is left out takes its usual value. Sessions booked before keep the terms they were booked \
            on. The currency must be one that the platform settles in, see `GET /v1/config`.""")
    @APIResponse(responseCode = "200", description = "The new profile")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the field that is wrong is named")
    @APIResponse(responseCode = "409", description = "`currency-in-use`: sessions in the old currency are ahead")
    @APIResponse(responseCode = "422", description = "`currency-not-settled`, or `amount-not-chargeable`, `amount-too-small`: Stripe does not charge this rate")
    public ProfileView put(@Valid @NotNull ProfileForm form) {
        return ProfileView.of(coaches.put(form.terms()));
    }

    /** A coach's terms in a request. */
    @Schema(name = "CoachTerms")
    public record ProfileForm(
            @Schema(examples = "Careers in engineering") @Size(max = 200) @Pattern(regexp = "[^\\p{Cntrl}]*", message = "must be one line") @Nullable String headline,
            @Schema(required = true, examples = "{\"amount\": \"100.00\", \"currency\": \"USD\"}") @NotNull Money hourlyRate,
            @Schema(examples = "Europe/Berlin", description = "A name of the IANA time zone database; UTC if left out") @Nullable String timeZone,
            @Schema(description = "When released earnings are paid out, by standard payouts; `instant`, as soon as possible, if left out") @Nullable PayoutSchedule payoutSchedule,
            @Schema(examples = "{\"amount\": \"100.00\", \"currency\": \"USD\"}", description = "Less is not paid out; about the worth of 100 USD if left out") @Nullable Money minimumPayout) {

        Terms terms() {
            return Terms.of(headline, hourlyRate, timeZone, payoutSchedule, minimumPayout);
        }
    }

    /** A coach's terms and earnings. */
    @Schema(name = "CoachProfile")
    public record ProfileView(UUID id, @Nullable String headline, Money hourlyRate,
            @Schema(examples = "Europe/Berlin") String timeZone, PayoutSchedule payoutSchedule, Money minimumPayout,
            @Schema(examples = "20.00", description = "The platform's part of a price, in percent") BigDecimal platformFeePercentage,
            @Schema(description = "All earnings ever, less refunds") Money totalEarnings,
            @Schema(description = "Can be paid out") Money availableBalance,
            @Schema(description = "Not available at Stripe yet") Money pendingBalance) {

        static ProfileView of(CoachProfile profile) {
            return new ProfileView(profile.userId(), profile.headline(), profile.hourlyRate(), profile.timeZone().getId(),
                    profile.payoutSchedule(), profile.minimumPayout(), profile.platformFeePercentage(),
                    profile.totalEarnings(), profile.availableBalance(), profile.pendingBalance());
        }
    }
}
