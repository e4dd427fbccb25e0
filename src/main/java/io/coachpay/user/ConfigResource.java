package io.coachpay.user;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.Paging;
import io.coachpay.http.RequestLimits;
import io.coachpay.money.StripeCurrency;
import io.coachpay.stripe.StripeSettings;

/** The configuration that a client needs before anybody signs in. */
@Path("/v1/config")
@Tag(name = "Config", description = "The configuration that a client needs before anybody signs in")
public class ConfigResource {

    private final ConfigView view;

    ConfigResource(StripeSettings stripe, Currencies currencies) {
        view = new ConfigView(stripe.publishableKey().orElse(null), stripe.liveMode(),
                currencies.all().stream().map(CurrencyView::of).toList(),
                new LimitsView(RequestLimits.LARGEST_BODY, Paging.LARGEST_PAGE));
    }

    @GET
    @Operation(summary = "Keys, currencies and limits", description = "The same for everybody; needs no token.")
    @APIResponse(responseCode = "200", description = "The service's public configuration")
    public ConfigView config() {
        return view;
    }

    /** The public configuration. */
    @Schema(name = "Config")
    public record ConfigView(
            @Schema(examples = "pk_test_51AbCdEf", description = "For Stripe.js in the browser") @Nullable String publishableKey,
            @Schema(description = "Whether real money is moved") boolean liveMode, List<CurrencyView> currencies,
            LimitsView limits) {
    }

    /** A currency that coaches can ask for. */
    @Schema(name = "Currency")
    public record CurrencyView(@Schema(examples = "USD") String code,
            @Schema(examples = "2", description = "Digits after the point in every amount") int digits,
            @Schema(description = "The step of amounts") Money chargeUnit,
            @Schema(description = "The smallest charge") Money minimumCharge,
            @Schema(description = "The largest charge") Money maximumCharge) {

        static CurrencyView of(StripeCurrency currency) {
            return new CurrencyView(currency.code(), currency.digits(), currency.chargeUnit(), currency.minimumCharge(),
                    currency.maximumCharge());
        }
    }

    /** The limits of requests. */
    @Schema(name = "Limits")
    public record LimitsView(@Schema(examples = "65536", description = "Bytes of a request's body") int requestBytes,
            @Schema(examples = "100", description = "Rows of a list's page") int pageSize) {
    }
}
