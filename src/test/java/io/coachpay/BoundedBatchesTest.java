package io.coachpay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/**
 * A query with a limit must not return the same rows again and again: rows to work on are ordered by a time that moves before
 * they are tried, and listings continue behind the last row.
 */
class BoundedBatchesTest {

    private static final Path SOURCES = Path.of("src/main/java/io/coachpay");
    private static final Pattern BOUNDED = Pattern.compile(
            "order by ([^;\"]*?)\\s*(?:limit (?:\\?|:most)|\"[^;]*?\\.page\\(|\"\\s*,\\s*\\w+\\)?[^;]{0,120}?\\.page\\()",
            Pattern.DOTALL);
    private static final Pattern SORTED = Pattern.compile("Sort\\.by\\(\"([^\"]+)\"\\)[^;]*?\\.page\\(", Pattern.DOTALL);
    /** The due time, or the time of the last try. */
    private static final Pattern TURN = Pattern.compile(
            "(\\w\\.)?(check_at|checkAt|next_at|next_attempt_at|updated_at|push_tried_at|payouts_tried_at|requested_at|fee\\.checkAt|attempt\\.checkAt"
                    + "|progress\\.checkAt|refusal\\.checkAt|coalesce\\(slot\\.checkAt, slot\\.holdExpiresAt\\))(?!\\w).*",
            Pattern.DOTALL);
    /** A page for a reader, or the newest of what is only reported. */
    private static final Pattern NEWEST = Pattern.compile("(\\w\\.)?\\w*(id|line|last) desc\\b.*", Pattern.DOTALL);

    /** Reasons why other orders do no harm, by class. */
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("reconciliation/Touched", "goes on behind the last row of the page before"),
            Map.entry("balance/LineMatching",
                    "the pages of all lines go on behind the last, and the newest are a first look"),
            Map.entry("balance/FundsAvailability", "what the books refuse makes way for an hour"),
            Map.entry("reconciliation/ImportCompleteness", "what differs, then by when it was asked about, also in vain"),
            Map.entry("balance/BalanceImports", "the platform, then what was imported the longest ago"),
            Map.entry("reconciliation/CoachDebts", "tells, and works on nothing"),
            Map.entry("reconciliation/InternalChecks", "tells, and works on nothing"),
            Map.entry("transfer/TransferSyncJob", "goes on behind the last of the turn before"),
            Map.entry("payout/PayoutCalendar", "a coach who cannot be paid is postponed before the next round"),
            Map.entry("payout/PayoutItems", "goes on behind the last"),
            Map.entry("inbox/Events", "goes on behind the last"),
            Map.entry("job/Cursors", "by when they were asked for or are due; failures are postponed"),
            Map.entry("inbox/EventRetentionJob", "asks nobody: what is emptied or deleted is out of the way"),
            Map.entry("dispute/EvidenceRetentionJob", "asks nobody: what is emptied is out of the way"),
            Map.entry("payment/PaymentLogRetentionJob", "asks nobody: what is deleted is out of the way"),
            Map.entry("payment/CardRetentionJob", "asks nobody: what is deleted is out of the way"),
            Map.entry("credit/PurchaseExpiryJob", "what is ended is out of the way, and what Stripe does not end is few"),
            Map.entry("session/EarnedCredits", "asks nobody: what is requested is out of the way"),
            Map.entry("credit/CreditPackage", "shows what is for sale, and works on nothing"),
            Map.entry("subscription/Plan", "shows what is for sale, and works on nothing"),
            Map.entry("session/Completions", "asks nobody, and leaves out what is locked"));

    @Test
    void ordersByATurnThatMoves() throws IOException {
        List<String> broken = new ArrayList<>();
        int seen = 0;
        for (Path file : sources()) {
            String name = SOURCES.relativize(file).toString().replace(".java", "");
            String text = Files.readString(file);
            List<String> orders = Stream.of(BOUNDED, SORTED).flatMap(pattern -> pattern.matcher(text).results())
                    .map(bounded -> bounded.group(1).strip()).toList();
            for (String order : orders) {
                seen++;
                if (!TURN.matcher(order).matches() && !NEWEST.matcher(order).matches() && !OTHERS.containsKey(name)) {
                    broken.add(name + ": order by " + order);
                }
            }
        }

        assertThat(seen).isGreaterThan(20);
        assertThat(broken).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted()
                    .toList();
        }
    }
}
