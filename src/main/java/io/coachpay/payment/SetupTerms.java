package io.coachpay.payment;

import java.util.Objects;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.EnumeratedValue;

import org.joda.money.CurrencyUnit;
import org.jspecify.annotations.Nullable;

/** The terms on which a payment method is to be saved; they never change. */
@Embeddable
class SetupTerms {

    /** The way to enter the method. */
    enum Ui {
        /** In the client's form, with the SetupIntent's client secret. */
        ELEMENTS("elements"),
        /** On Stripe's own page. */
        CHECKOUT("checkout");

        @EnumeratedValue
        private final String column;

        Ui(String column) {
            this.column = column;
        }

        /** The way as the database and the API write it. */
        String column() {
            return column;
        }
    }

    @Enumerated(EnumType.STRING)
    @Column(name = "ui", updatable = false)
    private Ui ui;
    @Column(updatable = false)
    private String currency;
    @Column(name = "success_url", updatable = false)
    private @Nullable String successUrl;
    @Column(name = "cancel_url", updatable = false)
    private @Nullable String cancelUrl;
    @Column(name = "client_address", updatable = false)
    private @Nullable String clientAddress;

    @SuppressWarnings("NullAway.Init")
    protected SetupTerms() {
    }

    /**
     * Creates the terms of a wish.
     *
     * @param currency that later payments are usually in
     * @param urls where Stripe's page sends its visitors; null where there is no page
     * @param clientAddress where the wish comes from; null where that is unknown
     */
    SetupTerms(Ui ui, CurrencyUnit currency, TransactionBooks.@Nullable ReturnUrls urls, @Nullable String clientAddress) {
        this.ui = ui;
        this.currency = currency.getCode();
        this.successUrl = urls == null ? null : urls.success();
        this.cancelUrl = urls == null ? null : urls.cancel();
        this.clientAddress = clientAddress;
    }

    /** Whether a wish on these terms is met by a setup on those. */
    boolean isMetBy(SetupTerms those) {
        return ui == those.ui && currency.equals(those.currency) && Objects.equals(successUrl, those.successUrl)
                && Objects.equals(cancelUrl, those.cancelUrl);
    }

    Ui ui() {
        return ui;
    }

    CurrencyUnit currency() {
        return CurrencyUnit.of(currency);
    }

    /** The addresses to which Stripe's page sends its visitors; only for the way that has a page. */
    TransactionBooks.ReturnUrls urls() {
        if (successUrl == null || cancelUrl == null) {
            throw new IllegalStateException("There is no page for " + ui);
        }
        return new TransactionBooks.ReturnUrls(successUrl, cancelUrl);
    }

    @Nullable
    String clientAddress() {
        return clientAddress;
    }
}
