package io.coachpay.coach;

import java.util.List;

import io.coachpay.http.Refused;

/** Refusals to coaches, and to people who want to book them. */
public abstract class CoachRefused extends Refused {

    private CoachRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** Stripe does not let payments go to the coach; the reasons say why. */
    public static final class CannotCharge extends CoachRefused {
        CannotCharge(List<Reason> reasons) {
            super("coach-cannot-charge", 409, "Coach cannot be booked",
                    "This coach cannot take payments at the moment");
            with("reason", reasons.get(0).code());
            with("reasons", reasons.stream().map(Reason::code).toList());
        }
    }

    /** A connected account belongs to a coach, and only a profile makes one. */
    static final class ProfileRequired extends CoachRefused {
        ProfileRequired() {
            super("coach-profile-required", 409, "No coach profile", "Put your coach profile first");
        }
    }

    /** Sessions in the old currency are still to take place or to be paid. */
    static final class CurrencyInUse extends CoachRefused {
        CurrencyInUse() {
            super("currency-in-use", 409, "Currency in use",
                    "The currency cannot change while sessions booked in the old one are ahead");
        }
    }

    /** The coach disconnected the account at Stripe and has not reconnected it there. */
    static final class Deauthorized extends CoachRefused {
        Deauthorized() {
            super("account-deauthorized", 409, "Account disconnected", "This account was disconnected from the platform");
            with("reason", Reason.ACCOUNT_DEAUTHORIZED.code());
        }
    }

    /** Stripe has no dashboard for a coach who has not completed its form. */
    static final class OnboardingIncomplete extends CoachRefused {
        OnboardingIncomplete() {
            super("onboarding-incomplete", 409, "Onboarding incomplete", "Complete onboarding at Stripe first");
            with("reason", Reason.ONBOARDING_INCOMPLETE.code());
        }
    }

    /** Stripe opens no account for this country and legal form, or none that payments would reach. */
    static final class CountryRefused extends CoachRefused {
        private CountryRefused(String detail) {
            super("account-not-available", 422, "Account not available", detail);
        }

        CountryRefused(String country, BusinessType type) {
            this("Stripe opens no account for this platform in " + country + " as " + type.code());
        }

        static CountryRefused outOfReach(String country) {
            return new CountryRefused("Payments of this platform do not reach accounts in " + country);
        }
    }
}
