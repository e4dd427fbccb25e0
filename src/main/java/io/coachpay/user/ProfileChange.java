package io.coachpay.user;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A person's change of their own profile; an absent field stays unchanged.
 *
 * @param name at most as long as Stripe accepts
 * @param email at most as long as Stripe accepts
 * @see <a href="https://docs.stripe.com/api/customers/update">Stripe: update a customer</a>
 */
@Schema(name = "ProfileChange", description = "An absent field stays unchanged")
public record ProfileChange(
        @Schema(examples = "Alice Archer") @Size(min = 1, max = LONGEST_NAME) @Pattern(regexp = ONE_LINE, message = NOT_BLANK) @Nullable String name,
        @Schema(examples = "alice@example.com") @Email @Size(min = 3, max = LONGEST_EMAIL) @Nullable String email) {

    /** No control characters, and something to see. */
    static final String ONE_LINE = "[^\\p{Cntrl}]*[^\\p{Cntrl}\\s][^\\p{Cntrl}]*";
    static final String NOT_BLANK = "must be one line and not blank";
    static final int LONGEST_NAME = 256;
    static final int LONGEST_EMAIL = 512;
}
