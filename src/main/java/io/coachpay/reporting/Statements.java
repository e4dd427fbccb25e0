package io.coachpay.reporting;

import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.InvalidField;
import io.coachpay.http.NotFound;
import io.coachpay.money.StripeCurrency;

/** The door to statements. */
@ApplicationScoped
class Statements {

    /** More than anybody can give sessions in a month; an answer must end somewhere. */
    private static final long LONGEST = 50_000;

    private final Access access;
    private final CoachAccounts accounts;
    private final Clock clock;

    Statements(Access access, CoachAccounts accounts, Clock clock) {
        this.access = access;
        this.accounts = accounts;
        this.clock = clock;
    }

    /**
     * The signed-in coach's statement of a month. A month holds what was booked in it: a fact that becomes known later belongs
     * to the later month, so that a past month never changes.
     *
     * @param currency null for the profile's
     * @throws InvalidField for a malformed month (400)
     * @throws NotFound for a month that has not begun, and for a person who is not a coach (404)
     * @throws StatementRefused.TooLong for more lines than an answer can have (422)
     */
    @Transactional
    Statement of(String text, @Nullable String asked) {
        UUID coachId = access.userId();
        CoachAccounts.Profile profile = accounts.profile(coachId);
        Month month = Month.parse(text, profile.zones());
        StripeCurrency currency = CoachAccounts.currency(asked, profile);
        if (month.from().isAfter(clock.instant())) {
            throw new NotFound("statement yet");
        }
        CoachAccounts.Both both = accounts.of(coachId, currency);
        Part pending = part(both.pending(), month);
        Part available = part(both.available(), month);
        if (pending.length() + available.length() > LONGEST) {
            throw new StatementRefused.TooLong(LONGEST);
        }
        List<Line> lines = CoachAccounts.together(pending.movements(accounts), available.movements(accounts)).stream()
                .sorted(Comparator.comparing(Movement::at)).flatMap(Movement::lines).toList();
        return Statement.of(month, pending.opening().plus(available.opening()), pending.closing().plus(available.closing()),
                lines);
    }

    private Part part(CoachAccounts.Account account, Month month) {
        long from = accounts.firstSince(account, month.from());
        long to = accounts.firstSince(account, month.to());
        return new Part(account, from, to, accounts.before(account, from), accounts.before(account, to));
    }

    /** A month's lines of one account. */
    private record Part(CoachAccounts.Account account, long from, long to, Money opening, Money closing) {

        long length() {
            return to - from;
        }

        List<Movement> movements(CoachAccounts accounts) {
            return accounts.lines(account, from, to);
        }
    }
}
