package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.ServiceTest;
import io.coachpay.Undone;
import io.coachpay.access.Ids;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.SomeEvent;

/** Saved cards as Stripe reports them, in any order. */
@ServiceTest
class PaymentMethodHandlerTest {

    @Inject
    Undone undone;
    @Inject
    PaymentMethodHandler handler;

    private UUID user;
    private String customer;
    private Instant now;

    @Test
    void savesEachCardOnceAndTheFirstAsDefault() {
        story(() -> {
            told("payment_method.attached", "pm_1", customer, "4242", 0);
            told("payment_method.attached", "pm_1", customer, "4242", 0);
            told("payment_method.attached", "pm_2", customer, "1881", 1);

            assertThat(saved()).containsExactly("pm_1 visa 4242 print4242 true saved", "pm_2 visa 1881 print1881 false saved");
        });
    }

    @Test
    void mirrorsTheLatestStateAlone() {
        story(() -> {
            told("payment_method.attached", "pm_1", customer, "4242", 0);
            told("payment_method.automatically_updated", "pm_1", customer, "0005", 5);
            told("payment_method.updated", "pm_1", customer, "4444", 3);

            assertThat(saved()).containsExactly("pm_1 visa 0005 print0005 true saved");
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

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
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
