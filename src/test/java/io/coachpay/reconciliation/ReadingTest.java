package io.coachpay.reconciliation;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.access.Rows;
import io.coachpay.journey.Earnings;
import io.coachpay.journey.Marketplace;

/** A payment without Stripe's lines differs; whether that is seen depends on what a reading reads. */
@ServiceTest
class ReadingTest {

    @Inject
    @io.quarkus.agroal.DataSource("service")
    DataSource database;

    @Inject
    Clock clock;

    private UUID payment;
    private String account;

    @BeforeEach
    void pay() {
        Person coach = Marketplace.coach("carol", "100.00", "USD");
        account = Earnings.account(coach);
        payment = Marketplace.paid(Person.called("alice"), coach, 75);
        Marketplace.isTransferredSoon(payment);
    }

    @Test
    void readsWhatWasTouchedSinceTheMarkOrWhileOthersWereWriting() {
        Instant now = Instant.now();

        assertThat(reads(now, Sweep.NONE)).isTrue();
        assertThat(reads(now.plus(Reading.OVERLAP).minus(Duration.ofMinutes(10)), Sweep.NONE)).isTrue();
    }

    @Test
    void doesNotReadWhatWasTouchedBefore() {
        assertThat(reads(later(), Sweep.NONE)).isFalse();
    }

    @Test
    void readsAllThatASweepComesTo() {
        assertThat(reads(later(), Sweep.NONE.due(clock.instant()))).isTrue();
    }

    @Test
    void readsWhatDifferedBefore() {
        Suspects suspects = new Suspects();
        suspects.add(Kind.UNTOLD, account, payment.toString());

        assertThat(reads(later(), suspects, Sweep.NONE)).isTrue();
    }

    /** Everything was touched before, also what events and imports of other tests touch from now on. */
    private static Instant later() {
        return Instant.now().plus(Duration.ofDays(1));
    }

    private boolean reads(Instant since, Sweep sweep) {
        return reads(since, new Suspects(), sweep);
    }

    /** Reads until no import has brought Stripe's lines in between. */
    private boolean reads(Instant since, Suspects suspects, Sweep sweep) {
        return soon().until(() -> {
            OwnerSql.run("delete from stripe_balance_transactions where account = ?", account);
            boolean found = read(since, suspects, sweep).contains(payment.toString());
            boolean imported = !OwnerSql.rows("select from stripe_balance_transactions where account = ?", account).isEmpty();
            return new Read(found, imported);
        }, read -> !read.imported()).found();
    }

    private record Read(boolean found, boolean imported) {
    }

    private List<String> read(Instant since, Suspects suspects, Sweep sweep) {
        Instant young = clock.instant().minus(Duration.ofMinutes(15));
        return new Reading(new Rows(database), clock, young, () -> {
        }).read(since, suspects, sweep).objects().stream().filter(each -> each.account().equals(account))
                .map(each -> String.valueOf(each.object())).toList();
    }
}
