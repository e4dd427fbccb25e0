package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.Json;
import io.coachpay.ServiceTest;
import io.coachpay.Undone;
import io.coachpay.access.Ids;
import io.coachpay.inbox.Answers;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.SomeEvent;
import io.coachpay.inbox.Undecided;

/** Saved cards as Stripe reports them, in any order. */
@ServiceTest
class PaymentMethodHandlerTest {

    @Inject
    Undone undone;
    @Inject
    PaymentMethodHandler handler;
    @Inject
    @Any
    Instance<EventHandler> handlers;

    private EventHandler customers;

    private UUID user;
    private String customer;
    private Instant now;

    @Test
    void savesEachCardOnceAndWantsTheFirstAsDefault() {
        story(() -> {
            told("payment_method.attached", "pm_1", customer, "4242", 0);
            told("payment_method.attached", "pm_1", customer, "4242", -1);
            told("payment_method.attached", "pm_2", customer, "1881", 1);

            assertThat(saved()).containsExactly("pm_1 visa 4242 print4242 false saved", "pm_2 visa 1881 print1881 false saved");
            assertThat(wanted()).isEqualTo("pm_1 true");
        });
    }

    @Test
    void mirrorsTheLatestStateAlone() {
        story(() -> {
            told("payment_method.attached", "pm_1", customer, "4242", 0);
            told("payment_method.automatically_updated", "pm_1", customer, "0005", 5);
            told("payment_method.updated", "pm_1", customer, "4444", 3);

            assertThat(saved()).containsExactly("pm_1 visa 0005 print0005 false saved");
        });
    }

    @Test
    void forgetsARemovedCardForGood() {
        story(() -> {
            told("payment_method.attached", "pm_1", customer, "4242", 0);
            detached("pm_1", 5);
            detached("pm_1", 6);

            told("payment_method.updated", "pm_1", customer, "4242", 3);
            told("payment_method.attached", "pm_1", customer, "4242", 9);

            assertThat(saved()).containsExactly("pm_1 - - - false removed");
        });
    }

    @Test
    void remembersTheRemovalOfACardThatItHasYetToHearOf() {
        story(() -> {
            detached("pm_1", 5);

            told("payment_method.attached", "pm_1", customer, "4242", 0);

            assertThat(saved()).containsExactly("pm_1 - - - false removed");
        });
    }

    @Test
    void ignoresTheRemovalOfACardThatWasNobodys() {
        story(() -> {
            handler.apply(SomeEvent.platform("payment_method.detached", now, card("pm_1", "null", "4242")), Fetched.nothing());
            handler.apply(SomeEvent.platform("payment_method.detached", now, card("pm_1", "null", "4242"),
                    "{\"customer\": \"cus_others\"}"), Fetched.nothing());

            assertThat(undone.texts("select 1 from payment_methods where user_id = ?", user)).isEmpty();
        });
    }

    @Test
    void removesACardThatIsSaidToBelongToNobody() {
        story(() -> {
            told("payment_method.attached", "pm_1", customer, "4242", 0);

            handler.apply(SomeEvent.platform("payment_method.updated", now.plusSeconds(1), card("pm_1", "null", "4242")),
                    Fetched.nothing());

            assertThat(saved()).containsExactly("pm_1 - - - false removed");
        });
    }

    @Test
    void waitsForTheOwnerOfACard() {
        story(() -> {
            Event early = SomeEvent.platform("payment_method.attached", now, card("pm_1", "\"cus_others\"", "4242"));

            assertThatThrownBy(() -> handler.apply(early, Fetched.nothing())).isInstanceOf(MissingParent.class);
        });
    }

    @Test
    void savesAnotherWayToPayThanACard() {
        story(() -> {
            handler.apply(SomeEvent.platform("payment_method.attached", now, """
                    {"id": "%s", "object": "payment_method", "type": "sepa_debit", "customer": "%s", "created": 1}"""
                    .formatted(id("pm_1"), customer)), Fetched.nothing());

            assertThat(undone.texts("select type, brand, last4 from payment_methods where user_id = ?", user))
                    .containsExactly("sepa_debit - -");
        });
    }

    @Test
    void fetchesWhatWasChangedTwiceWithinASecond() {
        story(() -> {
            told("payment_method.attached", "pm_1", customer, "4242", 0);
            Event second = SomeEvent.platform("payment_method.updated", now, card("pm_1", '"' + customer + '"', "4444"));
            Fetch itself = new Fetch("payment_method", id("pm_1"), null);

            handler.apply(second, Answers.of(itself, Json.read(card("pm_1", '"' + customer + '"', "0005")),
                    now.plusSeconds(60)));

            assertThat(saved()).containsExactly("pm_1 visa 0005 print0005 false saved");
        });
    }

    @Test
    void waitsWhereAnotherEventHasOvertakenTheReading() {
        story(() -> {
            told("payment_method.attached", "pm_1", customer, "4242", 0);
            undone.change("update payment_methods set stripe_told_at = ? where user_id = ?", now.plusSeconds(1), user);
            Event second = SomeEvent.platform("payment_method.updated", now, card("pm_1", '"' + customer + '"', "4444"));
            Fetched stale = Answers.of(new Fetch("payment_method", id("pm_1"), null),
                    Json.read(card("pm_1", '"' + customer + '"', "0005")), now);

            assertThatThrownBy(() -> handler.apply(second, stale)).isInstanceOf(Undecided.class);
        });
    }

    @Test
    void mirrorsTheDefaultThatStripeNamed() {
        story(() -> {
            undone.change("update stripe_customers set default_payment_method = ? where user_id = ?", id("pm_2"), user);

            told("payment_method.attached", "pm_1", customer, "4242", 0);
            told("payment_method.attached", "pm_2", customer, "1881", 1);

            assertThat(saved()).containsExactly("pm_1 visa 4242 print4242 false saved", "pm_2 visa 1881 print1881 true saved");
            assertThat(wanted()).isEqualTo("- false");
        });
    }

    @Test
    void wantsTheNewestOtherAsDefaultWhenTheDefaultIsRemovedAtStripe() {
        story(() -> {
            undone.change("update stripe_customers set default_payment_method = ? where user_id = ?", id("pm_1"), user);
            told("payment_method.attached", "pm_1", customer, "4242", 0);
            told("payment_method.attached", "pm_2", customer, "1881", 1);
            told("payment_method.attached", "pm_3", customer, "4444", 2);

            detached("pm_1", 3);

            assertThat(wanted()).isEqualTo("pm_3 false");
        });
    }

    /** Stripe may go on naming a removed method, also in news of something else. */
    @Test
    void wantsAnotherDefaultWhenStripeNamesARemovedOne() {
        story(() -> {
            told("payment_method.attached", "pm_1", customer, "4242", 0);
            told("payment_method.attached", "pm_2", customer, "1881", 1);
            detached("pm_1", 2);

            customers.apply(SomeEvent.platform("customer.updated", now.plusSeconds(9), """
                    {"id": "%s", "object": "customer", "created": 1, "invoice_settings": {"default_payment_method": "%s"}}"""
                    .formatted(customer, id("pm_1"))), Fetched.nothing());

            assertThat(wanted()).isEqualTo("pm_2 false");
            assertThat(saved()).containsExactly("pm_1 - - - false removed", "pm_2 visa 1881 print1881 false saved");
        });
    }

    @Test
    void forgetsTheCardsOfADeletedCustomer() {
        story(() -> {
            told("payment_method.attached", "pm_1", customer, "4242", 0);

            customers.apply(SomeEvent.platform("customer.deleted", now.plusSeconds(9), """
                    {"id": "%s", "object": "customer", "created": 1}""".formatted(customer)), Fetched.nothing());

            assertThat(saved()).containsExactly("pm_1 - - - false removed");
            assertThat(wanted()).isEqualTo("- false");
        });
    }

    @Test
    void keepsTheCardsOfACompany() {
        story(() -> {
            UUID company = Ids.next();
            undone.run("insert into organizations (id, name) values (?, 'Acme')", company);
            undone.run("insert into stripe_customers (id, organization_id, stripe_customer_id) values (?, ?, ?)", Ids.next(),
                    company, id("cus_acme"));

            told("payment_method.attached", "pm_1", id("cus_acme"), "4242", 0);

            assertThat(undone.texts("select last4, user_id from payment_methods where organization_id = ?", company))
                    .containsExactly("4242 -");
        });
    }

    private String wanted() {
        return undone.texts("select left(wanted_default, 4), default_if_none from stripe_customers where user_id = ?", user)
                .get(0);
    }

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            customers = handlers.stream().filter(one -> one.types().contains("customer.deleted")).findFirst().orElseThrow();
            user = Ids.next();
            customer = id("cus_");
            undone.run("insert into users (id, oidc_subject) values (?, ?)", user, "subject-" + user);
            undone.run("insert into stripe_customers (id, user_id, stripe_customer_id) values (?, ?, ?)", Ids.next(), user,
                    customer);
            story.run();
        });
    }

    private void told(String type, String name, String owner, String last4, int seconds) {
        handler.apply(SomeEvent.platform(type, now.plusSeconds(seconds), card(name, '"' + owner + '"', last4)),
                Fetched.nothing());
    }

    private void detached(String name, int seconds) {
        handler.apply(SomeEvent.platform("payment_method.detached", now.plusSeconds(seconds), card(name, "null", "4242"),
                "{\"customer\": \"" + customer + "\"}"), Fetched.nothing());
    }

    private String card(String name, String owner, String last4) {
        return """
                {"id": "%s", "object": "payment_method", "type": "card", "customer": %s, "created": 1,
                 "card": {"brand": "visa", "last4": "%s", "exp_month": 12, "exp_year": 2040, "fingerprint": "print%s"}}"""
                .formatted(id(name), owner, last4, last4);
    }

    private String id(String name) {
        return name + user.toString().replace("-", "");
    }

    private List<String> saved() {
        return undone.texts("""
                select left(stripe_payment_method_id, 4), brand, last4, fingerprint, is_default,
                       case when detached_at is null then 'saved' else 'removed' end
                  from payment_methods where user_id = ? order by id""", user);
    }
}
