package io.coachpay.simulation;

import java.util.ArrayList;
import java.util.List;

/** Promises that hold for every story that has come to rest, and for all stories together. */
final class Invariants {

    private final PlatformBooks platform = new PlatformBooks();
    private long deadlocks = LedgerChecks.deadlocks();

    /** Promises that a story has broken; none, it is hoped. */
    List<String> brokenBy(Stage stage) {
        List<String> broken = new ArrayList<>(stage.complaints());
        broken.addAll(LedgerChecks.broken(stage.people()));
        broken.addAll(CreditChecks.broken(stage.people()));
        broken.addAll(LedgerChecks.unhandled(stage.began()));
        broken.addAll(StripeChecks.broken(stage));
        broken.addAll(PurchaseChecks.broken(stage));
        broken.addAll(OnceChecks.broken(stage));
        broken.addAll(CardChecks.broken(stage));
        broken.addAll(SubscriptionChecks.broken(stage));
        broken.addAll(InvoiceChecks.broken(stage));
        broken.addAll(platform.broken());
        long now = LedgerChecks.deadlocks();
        if (now > deadlocks) {
            broken.add("the database met %d deadlocks: %s".formatted(now - deadlocks,
                    LedgerChecks.deadlocksInLog(now - deadlocks)));
        }
        deadlocks = now;
        return broken;
    }
}
