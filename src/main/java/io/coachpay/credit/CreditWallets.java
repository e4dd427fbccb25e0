package io.coachpay.credit;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Ids;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.http.RequestKey;
import io.coachpay.ledger.Wallet;
import io.coachpay.ledger.Wallets;
import io.coachpay.money.Credits;
import io.coachpay.user.User;

/** The door to wallets: one's own to read; for administrators, adjustments and the capacity. */
@ApplicationScoped
class CreditWallets {

    private final Access access;
    private final Wallets wallets;
    private final WalletLines lines;
    private final CreditBooks books;
    private final Capacity capacity;
    private final RequestKey requestKey;

    CreditWallets(Access access, Wallets wallets, WalletLines lines, CreditBooks books, Capacity capacity,
            RequestKey requestKey) {
        this.access = access;
        this.wallets = wallets;
        this.lines = lines;
        this.books = books;
        this.capacity = capacity;
        this.requestKey = requestKey;
    }

    /** Returns the caller's wallet; an empty one before the first credits. */
    Wallet mine() {
        return wallets.of(access.userId());
    }

    /** Returns a page of the lines of the caller's wallet, newest first, with one more than asked for if there are more. */
    List<WalletLines.Line> mine(Paging paging) {
        return lines.of(access.userId(), paging);
    }

    /**
     * Gives credits to a user, or takes them, once however often the request is sent.
     *
     * @param credits signed, not zero
     * @return the wallet now
     * @throws NotFound for an unknown user (404)
     * @throws CreditRefused.AdjustmentTooLarge for more than one call may move (422)
     * @throws CreditRefused.ExceedsBalance when the wallet holds fewer than are to be taken (422)
     */
    Wallet adjust(UUID user, Credits credits, String reason) {
        UUID me = access.userId();
        UUID key = requestKey.id();
        UUID id = key == null ? Ids.next() : key;
        return access.asService(() -> {
            if (User.findByIdOptional(user).isEmpty()) {
                throw new NotFound("user");
            }
            books.adjust(id, user, credits, reason, me);
            return wallets.of(user);
        });
    }

    /** Returns the platform's capacity. */
    Capacity.State capacity() {
        return access.asAdmin(capacity::read);
    }

    /**
     * Sets the platform's limit.
     *
     * @param limit null for none
     */
    Capacity.State limit(@Nullable Credits limit) {
        return access.asAdmin(() -> {
            capacity.limit(limit);
            return capacity.read();
        });
    }
}
