package io.coachpay.reporting;

import java.util.List;
import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.AsksStripe;
import io.coachpay.ledger.Wallet;
import io.coachpay.ledger.Wallets;
import io.coachpay.user.ProfileChange;
import io.coachpay.user.Users;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;

/** The signed-in person. */
@Path("/v1/me")
@Authenticated
@Tag(name = "Me", description = "The signed-in person")
public class UserResource {

    private final Users users;
    private final Profiles profiles;
    private final Wallets wallets;
    private final SecurityIdentity caller;

    UserResource(Users users, Profiles profiles, Wallets wallets, SecurityIdentity caller) {
        this.users = users;
        this.profiles = profiles;
        this.wallets = wallets;
        this.caller = caller;
    }

    @GET
    @Operation(summary = "Who I am", description = "The first request with a new subject's token makes the user.")
    @APIResponse(responseCode = "200", description = "The signed-in person")
    @APIResponse(responseCode = "401", description = "No valid token, or the person was erased")
    public MeView me() {
        return view();
    }

    @PATCH
    @AsksStripe
    @Operation(summary = "Change my name or e-mail", description = """
            Fields that are left out stay. The change goes to Stripe too if the person is a customer there; when Stripe is away, it \
            follows later.""")
    @APIResponse(responseCode = "200", description = "The person as changed")
    @APIResponse(responseCode = "400", description = "`invalid-request`: the field that is wrong is named")
    @APIResponse(responseCode = "429", description = "Too many requests that ask Stripe; `Retry-After` says when the next may come")
    public MeView change(@Valid @NotNull ProfileChange change) {
        users.change(change);
        return view();
    }

    private MeView view() {
        Me me = profiles.mine();
        Wallet wallet = wallets.of(me.id());
        return new MeView(me.id(), me.email(), me.name(), me.stripeCustomerId(), me.stripeConnectAccountId(),
                me.defaultPaymentMethodId(), me.emailRefused(), me.subscription(),
                new MyCredits(wallet.balance().toString(), wallet.debt().toString()),
                caller.getRoles().stream().sorted().toList());
    }

    /** Credits that can be spent, and those that are owed; all numbers have six digits. */
    @Schema(name = "MyCredits")
    public record MyCredits(@Schema(examples = "33.000000") String balance, @Schema(examples = "0.000000") String debt) {
    }

    /** A person as they see themselves. */
    @Schema(name = "Me")
    public record MeView(UUID id, @Schema(examples = "alice@example.com") @Nullable String email,
            @Schema(examples = "Alice Archer") @Nullable String name,
            @Schema(examples = "cus_Q1w2E3r4T5", description = "Missing before the first payment") @Nullable String stripeCustomerId,
            @Schema(examples = "acct_1Q2w3E4r5T", description = "Missing unless a coach") @Nullable String stripeConnectAccountId,
            @Schema(description = "The saved payment method that is used first") @Nullable UUID defaultPaymentMethodId,
            @Schema(description = "Whether Stripe did not take the e-mail; payments go on without it, until it is changed") boolean emailRefused,
            @Schema(description = "The subscription that lives; missing without one") Me.@Nullable Subscribed subscription,
            MyCredits credits,
            @Schema(examples = "[\"mentee\"]", description = "The roles in the token") List<String> roles) {
    }
}
