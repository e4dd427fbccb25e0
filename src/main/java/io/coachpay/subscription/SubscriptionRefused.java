package io.coachpay.subscription;

import org.joda.money.CurrencyUnit;

import io.coachpay.http.Refused;

/** Refusals to people who subscribe. */
abstract class SubscriptionRefused extends Refused {

    private SubscriptionRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** Nobody subscribes twice. */
    static final class Live extends SubscriptionRefused {
        Live() {
            super("subscription-live", 409, "Subscription live",
                    "You subscribe to a plan already: GET /v1/me/subscription shows it");
        }
    }

    /** There is nothing to change. */
    static final class NotLive extends SubscriptionRefused {
        NotLive() {
            super("subscription-not-live", 409, "No live subscription",
                    "You have no subscription that could be changed: it has ended, or never began");
        }
    }

    /** Somebody at the platform has planned its changes at Stripe. */
    static final class Scheduled extends SubscriptionRefused {
        Scheduled() {
            super("subscription-scheduled", 409, "Subscription scheduled",
                    "Changes of your subscription are planned already: ask the platform to change them");
        }
    }

    /** Only a paused subscription is resumed. */
    static final class NotPaused extends SubscriptionRefused {
        NotPaused() {
            super("subscription-not-paused", 409, "Subscription not paused", "Your subscription is not paused");
        }
    }

    /** Stripe is asked for another change this moment. */
    static final class Changing extends SubscriptionRefused {
        Changing() {
            super("subscription-changing", 409, "Change under way",
                    "Another change of your plan is under way: GET /v1/me/subscription shows shortly what became of it");
        }
    }

    /** Only a subscription that is paid for, or in its trial, changes its plan. */
    static final class Unpaid extends SubscriptionRefused {
        Unpaid() {
            super("subscription-unpaid", 409, "Subscription not paid",
                    "Your subscription waits to be paid or resumed: its plan can be changed after that");
        }
    }

    /** The plan is the subscriber's already. */
    static final class SamePlan extends SubscriptionRefused {
        SamePlan() {
            super("plan-unchanged", 409, "The same plan", "You subscribe to that plan already");
        }
    }

    /** The amounts of a preview hold for minutes. */
    static final class PreviewExpired extends SubscriptionRefused {
        PreviewExpired() {
            super("preview-expired", 409, "Preview expired",
                    "The preview is too old, or not one of ours: ask for another one, and for the change with its date");
        }
    }

    /** The page to be replaced is being paid or closed this moment. */
    static final class PageInUse extends SubscriptionRefused {
        PageInUse() {
            super("subscription-page-in-use", 409, "Page in use",
                    "Your page at Stripe is being paid or closed this moment: ask again shortly");
        }
    }

    /** Stripe bills a customer in one currency for ever. */
    static final class OtherCurrency extends SubscriptionRefused {
        OtherCurrency(CurrencyUnit currency) {
            super("subscription-currency", 422, "Another currency",
                    "You subscribed in another currency before, so that you cannot subscribe in " + currency);
            with("currency", currency.getCode());
        }
    }
}
