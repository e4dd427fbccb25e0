package io.coachpay.user;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.joda.money.CurrencyUnit;

import io.coachpay.http.Refused;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;
import io.quarkus.runtime.Startup;

/**
 * The currencies the platform settles in ({@code coachpay.currencies}). A coach can use no other, since an amount that Stripe
 * converts would differ from the amount that was booked.
 *
 * @see <a href="https://docs.stripe.com/connect/currencies">Stripe: currencies with Connect</a>
 */
@Startup
@ApplicationScoped
public class Currencies {

    private final Map<String, StripeCurrency> settled = new TreeMap<>();

    private final StripeCurrency first;

    Currencies(@ConfigProperty(name = "coachpay.currencies") List<String> codes) {
        first = StripeCurrencies.of(codes.get(0));
        codes.forEach(code -> settled.put(code, StripeCurrencies.of(code)));
    }

    /** The one that is configured first, for what needs a currency before anything is paid. */
    public StripeCurrency first() {
        return first;
    }

    /** All of them, by code. */
    public List<StripeCurrency> all() {
        return List.copyOf(settled.values());
    }

    /**
     * Requires that the platform settles in the currency.
     *
     * @throws CurrencyNotSettled if it does not (422)
     */
    public StripeCurrency requireSettled(CurrencyUnit unit) {
        StripeCurrency currency = settled.get(unit.getCode());
        if (currency == null) {
            throw new CurrencyNotSettled(unit, "The platform does not settle in " + unit.getCode());
        }
        return currency;
    }

    /** Stripe would have to convert money in that currency on its way to the coach. */
    public static final class CurrencyNotSettled extends Refused {

        /** @param detail names who does not settle in it */
        public CurrencyNotSettled(CurrencyUnit unit, String detail) {
            super("currency-not-settled", 422, "Currency not settled", detail);
            with("currency", unit.getCode());
        }
    }
}
