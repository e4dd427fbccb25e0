package io.coachpay.coach;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.AsksStripe;
import io.coachpay.http.HoldsSecret;
import io.coachpay.http.InvalidField;
import io.coachpay.stripe.StripeAccountSession;
import io.coachpay.stripe.StripeLink;
import io.quarkus.security.Authenticated;

/** A coach's account at Stripe. */
@Path("/v1/me/connected-account")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Connected account", description = "A coach's account at Stripe: made once, onboarded there, mirrored here")
public class ConnectedAccountResource {

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    private final ConnectedAccounts accounts;
    private final Onboarding onboarding;

    ConnectedAccountResource(ConnectedAccounts accounts, Onboarding onboarding) {
        this.accounts = accounts;
        this.onboarding = onboarding;
    }

    @POST
    @AsksStripe
    @Operation(summary = "Get an account at Stripe", description = """
            A coach has one account at most: asked again, the same one is answered. Country and kind of business cannot be \
            changed once Stripe has taken them. A coach who disconnected the account continues with it once it is connected \
            again at Stripe; if it is not, and nothing is left in it, another one is made.""")
    @APIResponse(responseCode = "201", description = "The account, made now", content = @Content(schema = @Schema(implementation = AccountView.class)))
    @APIResponse(responseCode = "200", description = "The account that exists already")
    @APIResponse(responseCode = "400", description = "`invalid-request`: not a valid country or kind of business")
    @APIResponse(responseCode = "409", description = "`coach-profile-required`: put a coach profile first; `account-deauthorized`: the earlier account is disconnected, and there is money in it")
    @APIResponse(responseCode = "422", description = "`account-not-available`: Stripe opens none for this country and kind of business, or payments of this platform would not reach it")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    @APIResponse(responseCode = "503", description = "Stripe is away: send the request again, and it resumes")
    public RestResponse<AccountView> begin(@Valid @NotNull AccountForm form) {
        if (!COUNTRIES.contains(form.country)) {
            throw new InvalidField("country", "must be an upper-case two-letter code of a country, such as US");
        }
        boolean made = onboarding.begin(form.country, form.businessType);
        return RestResponse.status(made ? RestResponse.Status.CREATED : RestResponse.Status.OK,
                AccountView.of(accounts.mine()));
    }

    @GET
    @Operation(summary = "My account at Stripe", description = "Stripe's latest state, which arrives by webhook.")
    @APIResponse(responseCode = "200", description = "The account's abilities, and what Stripe still requires")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no account yet")
    public AccountView account() {
        return AccountView.of(accounts.mine());
    }

    @POST
    @Path("/onboarding-link")
    @AsksStripe
    @Operation(summary = "A link into Stripe's form", description = """
            Works once, for a few minutes, and is never stored: the same `Idempotency-Key` again makes another. A return \
            from it does not mean completion; the account shows that.""")
    @APIResponse(responseCode = "200", description = "The address for the coach's browser")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no account yet")
    @APIResponse(responseCode = "409", description = "`account-deauthorized`: the coach has disconnected it")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public LinkView onboardingLink() {
        return LinkView.of(onboarding.link());
    }

    @POST
    @Path("/dashboard-link")
    @AsksStripe
    @Operation(summary = "A link into my dashboard at Stripe", description = "Works once, and is never stored.")
    @APIResponse(responseCode = "200", description = "The address for the coach's browser")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no account yet")
    @APIResponse(responseCode = "409", description = "`onboarding-incomplete`, `account-deauthorized`")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public LinkView dashboardLink() {
        return LinkView.of(onboarding.dashboard());
    }

    @POST
    @Path("/account-session")
    @AsksStripe
    @Operation(summary = "A secret for Stripe's embedded components", description = "Short-lived, and never stored.")
    @APIResponse(responseCode = "200", description = "The secret that Connect.js needs in the coach's browser")
    @APIResponse(responseCode = "404", description = "`not-found`: there is no account yet")
    @APIResponse(responseCode = "409", description = "`account-deauthorized`: the coach has disconnected it")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public SessionView accountSession() {
        return SessionView.of(onboarding.session());
    }

    /** Stripe's requirements for a new account. */
    @Schema(name = "NewConnectedAccount")
    public record AccountForm(
            @Schema(required = true, examples = "US", description = "ISO 3166, two letters") @NotNull String country,
            @Schema(required = true, examples = "individual") @NotNull BusinessType businessType) {
    }

    /** A coach's account and its abilities. */
    @Schema(name = "ConnectedAccount")
    public record AccountView(@Schema(examples = "acct_1Q2w3E4r5T") @Nullable String stripeAccountId,
            @Schema(description = "Whether sessions can be booked") boolean canCharge,
            @Schema(description = "Whether earnings can be paid out") boolean canBePaidOut,
            @Schema(description = "Why not, if one of them is false") List<Reason> reasons, Requirements requirements,
            @Schema(description = "Whether the coach completed Stripe's form") boolean detailsSubmitted,
            @Schema(examples = "US") String country, @Schema(examples = "USD") @Nullable String defaultCurrency) {

        static AccountView of(ConnectedAccount account) {
            return new AccountView(account.stripeId(), account.canCharge(), account.canBePaidOut(), account.reasons(),
                    account.mirrored().requirements(), account.mirrored().detailsSubmitted(), account.country(),
                    account.mirrored().defaultCurrency());
        }
    }

    /** A link to a page of Stripe's. */
    @Schema(name = "Link")
    public record LinkView(@Schema(examples = "https://connect.stripe.com/setup/e/acct_1Q2w3E4r5T/AbCd") @Nullable String url,
            @Nullable Instant expiresAt) implements HoldsSecret {

        static LinkView of(StripeLink link) {
            return new LinkView(link.url(), link.expiresAt());
        }

        @Override
        public Object withoutSecrets() {
            return new LinkView(null, expiresAt);
        }

        @Override
        public String toString() {
            return "LinkView[expires " + expiresAt + "]";
        }
    }

    /** A secret with which a browser shows Stripe's components. */
    @Schema(name = "AccountSession")
    public record SessionView(@Schema(examples = "accs_secret__AbCd") @Nullable String clientSecret,
            @Nullable Instant expiresAt) implements HoldsSecret {

        static SessionView of(StripeAccountSession session) {
            return new SessionView(session.clientSecret(), session.expiresAt());
        }

        @Override
        public Object withoutSecrets() {
            return new SessionView(null, expiresAt);
        }

        @Override
        public String toString() {
            return "SessionView[expires " + expiresAt + "]";
        }
    }
}
