package io.coachpay.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.coachpay.OwnerSql;

/** What runs find that read what was touched since the one before is what one finds that reads everything. */
final class WholeComparison {

    /** A run reads an hour more than it has to; here all but two seconds of it are left out, which hide what it would miss. */
    private static final String LEAVE = """
            update reconciliation_runs set books_at = books_at + interval '59 minutes 58 seconds'
             where id = (select id from reconciliation_runs where status = 'done' order by id desc limit 1) and books_at < now()""";
    private static final String WHOLE = "update reconciliation_runs set books_at = null";
    private static final String OPEN = """
            select concat_ws(' ', kind, account, subject, currency, amount) as finding from reconciliation_findings
             where resolved_at is null""";

    private WholeComparison() {
    }

    /** The next run reads what was touched since the last one, and no more. */
    static void leave() {
        OwnerSql.run(LEAVE);
    }

    static List<String> broken(Stage stage) {
        stage.run(Stage.RECONCILIATION);
        Set<String> touched = open();
        OwnerSql.run(WHOLE);
        stage.run(Stage.RECONCILIATION);
        Set<String> whole = open();
        List<String> broken = new ArrayList<>();
        whole.stream().filter(finding -> !touched.contains(finding))
                .forEach(finding -> broken.add("only a comparison of all books finds: " + finding));
        touched.stream().filter(finding -> !whole.contains(finding))
                .forEach(finding -> broken.add("a comparison of all books does not find: " + finding));
        return broken;
    }

    private static Set<String> open() {
        Set<String> open = new TreeSet<>();
        OwnerSql.rows(OPEN).forEach(row -> open.add(row.get("finding").toString()));
        return open;
    }
}
