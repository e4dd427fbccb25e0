package io.coachpay.simulation;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import io.coachpay.OwnerSql;
import io.coachpay.simulation.Dice.Booking;

/** Buying credits, paying sessions with them, and what administrators decide about them. */
final class CreditActions {

    static final List<Action> ALL = List.of(
            new Action(5, CreditActions::buy),
            new Action(2, CreditActions::abandon),
            new Action(3, CreditActions::payPage),
            new Action(2, CreditActions::payInTheLastSecond),
            new Action(6, CreditActions::spend),
            new Action(3, CreditActions::isOver),
            new Action(2, CreditActions::adjust),
            new Action(1, CreditActions::limit),
            new Action(1, CreditActions::changePackage),
            new Action(1, CreditActions::payThePlatformOut));

    /** Packages of the stories: with and without a bonus, small ones, and such as pay a few sessions. */
    private static final List<Offer> OFFERS = List.of(new Offer("15.00", "15"), new Offer("30.00", "33"),
            new Offer("49.99", "50.123457"), new Offer("200.00", "200"), new Offer("400.00", "420.5"));
    private static final String OFFER = """
            insert into credit_packages (id, name, amount, credit_amount) values (?::uuid, ?, ?::numeric, ?::numeric)
            on conflict (id) do update set amount = excluded.amount, credit_amount = excluded.credit_amount, is_active = true""";
    private static final String PAGES = """
            select c.stripe_session_id as id, c.expires_at from checkout_sessions c join transactions t on t.id = c.transaction_id
             where t.payer_id = ?::uuid and t.type = 'credit_purchase' and c.stripe_session_id is not null
             order by t.id desc limit 1""";
    private static final Duration BEFORE_THE_END = Duration.ofSeconds(3);
    private static final Duration A_PAGES_LIFE = Duration.ofMinutes(40);

    private CreditActions() {
    }

    /** A price, and the credits for it. */
    private record Offer(String amount, String credits) {
    }

    /** Begins a story: all packages are for sale as they are above, and there is no limit. */
    static void open(Stage stage) {
        for (int number = 0; number < OFFERS.size(); number++) {
            OwnerSql.run(OFFER, packageId(number), "Package " + number, OFFERS.get(number).amount(),
                    OFFERS.get(number).credits());
        }
        stage.admin().put("/v1/admin/capacity", Collections.singletonMap("limit", null));
    }

    private static String packageId(int number) {
        return "00000000-0000-7000-8000-c0000000000%d".formatted(number);
    }

    // ---- buying

    private static Deed buy(Dice dice) {
        return buy(dice, dice.mentee(), dice.below(OFFERS.size()));
    }

    /** Buys what pays a session or two. */
    static Deed buyEnough(Dice dice, int mentee) {
        return buy(dice, mentee, dice.between(3, OFFERS.size() - 1));
    }

    private static Deed buy(Dice dice, int mentee, int offer) {
        dice.buying(mentee);
        String card = PayingActions.card(dice);
        boolean authenticates = dice.chance(0.8);
        boolean insists = dice.chance(0.3);
        int key = dice.below(1_000);
        return new Deed("mentee %d buys package %d with %s%s".formatted(mentee, offer, card, insists ? ", insisting" : ""),
                stage -> {
                    Map<String, String> form = Map.of("packageId", packageId(offer));
                    Player player = stage.mentee(mentee);
                    Reply begun = insists ? player.insist("/v1/credits/checkout", form, "credits-" + offer + "-" + key)
                            : player.post("/v1/credits/checkout", form);
                    return begun.brief() + (begun.ok()
                            ? ", " + PayingActions.payPage(stage, begun.text("checkoutSessionId"), card, authenticates)
                            : "");
                });
    }

    /** Opens the page, perhaps twice, and leaves. */
    private static Deed abandon(Dice dice) {
        int mentee = dice.buying(dice.mentee());
        int offer = dice.below(OFFERS.size());
        int times = dice.between(1, 2);
        return new Deed("mentee %d asks %d times for the page of package %d".formatted(mentee, times, offer), stage -> {
            String asked = "";
            for (int i = 0; i < times; i++) {
                Reply begun = stage.mentee(mentee).post("/v1/credits/checkout", Map.of("packageId", packageId(offer)));
                asked += begun.brief() + " " + begun.text("checkoutSessionId") + " ";
            }
            return asked.strip();
        });
    }

    private static Deed payPage(Dice dice) {
        int mentee = dice.buyer();
        String card = PayingActions.card(dice);
        boolean authenticates = dice.chance(0.8);
        return new Deed("mentee %d pays the page of the latest purchase with %s".formatted(mentee, card), stage -> {
            List<Map<String, Object>> page = OwnerSql.rows(PAGES, stage.mentee(mentee).id());
            return page.isEmpty() ? "there is none"
                    : PayingActions.payPage(stage, String.valueOf(page.get(0).get("id")), card, authenticates);
        });
    }

    private static Deed payInTheLastSecond(Dice dice) {
        int mentee = dice.buying(dice.mentee());
        int offer = dice.below(OFFERS.size());
        String card = dice.oneOf("pm_card_visa", "pm_card_visa", "pm_card_processing");
        dice.passing(A_PAGES_LIFE);
        return new Deed("mentee %d pays package %d with %s when its page is about to end".formatted(mentee, offer, card),
                stage -> {
                    Reply begun = stage.mentee(mentee).post("/v1/credits/checkout", Map.of("packageId", packageId(offer)));
                    List<Map<String, Object>> page = OwnerSql.rows(PAGES, stage.mentee(mentee).id());
                    if (!begun.ok() || page.isEmpty()) {
                        return begun.brief();
                    }
                    Instant last = ((java.sql.Timestamp) page.get(0).get("expires_at")).toInstant().minus(BEFORE_THE_END);
                    if (last.isAfter(stage.now())) {
                        stage.pass(Duration.between(stage.now(), last));
                    }
                    return begun.brief() + ", "
                            + PayingActions.payPage(stage, String.valueOf(page.get(0).get("id")), card, true);
                });
    }

    // ---- paying with them

    private static Deed spend(Dice dice) {
        return spend(dice, dice.booking());
    }

    /** Pays this booking with whatever its mentee has. */
    static Deed spend(Dice dice, Booking booking) {
        dice.paying(booking);
        boolean insists = dice.chance(0.3);
        return new Deed("booking %d is paid with credits%s".formatted(booking.number(), insists ? ", insisting" : ""),
                stage -> PayingActions.begin(stage, booking, Map.of("method", "credits"), insists).brief());
    }

    private static Deed isOver(Dice dice) {
        Booking booking = dice.paid();
        String how = dice.oneOf("complete", "complete", "no-show");
        return new Deed("booking %d took place, and its coach says %s".formatted(booking.number(), how),
                stage -> SessionActions.tookPlace(stage, booking) + ", " + SessionActions.says(stage, booking, how));
    }

    // ---- administrators

    private static Deed adjust(Dice dice) {
        int mentee = dice.buyer();
        String credits = dice.oneOf("50.5", "0.000001", "-0.000001", "-10.123456", "120", "-9999", "20000");
        boolean insists = dice.chance(0.3);
        return new Deed("the administrator adjusts the credits of mentee %d by %s%s".formatted(mentee, credits,
                insists ? ", insisting" : ""), stage -> {
                    String path = "/v1/admin/users/" + stage.mentee(mentee).id() + "/credits";
                    Map<String, String> form = Map.of("credits", credits, "reason", "Goodwill");
                    return (insists ? stage.admin().insist(path, form, "adjust-" + stage.mentee(mentee).id() + credits)
                            : stage.admin().post(path, form)).brief();
                });
    }

    /** Wallets of earlier stories count too: the limit is what is owed, and some credits more or less. */
    private static Deed limit(Dice dice) {
        boolean none = dice.chance(0.3);
        int more = dice.between(-50, 500);
        return new Deed(none ? "the platform has no limit" : "the platform's limit is what it owes, and %d".formatted(more),
                stage -> {
                    String owed = stage.admin().get("/v1/admin/capacity").text("outstanding");
                    BigDecimal limit = new BigDecimal(owed.isEmpty() ? "0" : owed).add(BigDecimal.valueOf(more))
                            .max(BigDecimal.ZERO);
                    return stage.admin().put("/v1/admin/capacity",
                            Collections.singletonMap("limit", none ? null : limit.toPlainString())).brief();
                });
    }

    private static Deed changePackage(Dice dice) {
        int offer = dice.below(OFFERS.size());
        String how = dice.oneOf("is_active = not is_active", "credit_amount = credit_amount + 1.5",
                "amount = amount + 0.01, credit_amount = credit_amount + 0.01");
        return new Deed("package %d: %s".formatted(offer, how), stage -> "changed " + OwnerSql
                .run("update credit_packages set " + how + " where id = ?::uuid", packageId(offer)));
    }

    /** Coaches of sessions paid with credits then wait for funds. */
    private static Deed payThePlatformOut(Dice dice) {
        return new Deed("the platform pays itself all there is in dollars", stage -> {
            long available = stage.available("usd");
            return available <= 0 ? "there is nothing"
                    : stage.stripe("/v1/payouts", "amount=" + available + "&currency=usd").brief();
        });
    }
}
