package io.coachpay.reporting;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.money.MoneyText;

/**
 * A statement as a table for spreadsheets (RFC 4180): the opening balance, the lines, the closing balance. Times are the
 * coach's.
 */
@Provider
@Produces(StatementCsv.TYPE)
class StatementCsv implements MessageBodyWriter<Statement> {

    static final String TYPE = "text/csv";

    private static final String HEADINGS = "date,kind,text,amount,currency,transactionId,sessionId,stripeId\r\n";
    /** Characters that begin a formula in spreadsheets. */
    private static final String FORMULAS = "=+-@\t\r";

    @Override
    public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type == Statement.class;
    }

    @Override
    public void writeTo(Statement statement, Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType,
            MultivaluedMap<String, Object> headers, OutputStream body) throws IOException {
        headers.putSingle(HttpHeaders.CONTENT_TYPE, TYPE + ";charset=UTF-8");
        headers.putSingle(HttpHeaders.CONTENT_DISPOSITION,
                "attachment; filename=\"statement-" + statement.month() + "-" + statement.currency() + ".csv\"");
        body.write(table(statement).getBytes(StandardCharsets.UTF_8));
    }

    static String table(Statement statement) {
        StringBuilder table = new StringBuilder(HEADINGS);
        balance(table, statement, statement.from(), "opening_balance", "Opening balance", statement.openingBalance());
        for (Line line : statement.lines()) {
            row(table, time(line.at(), statement.timeZone()), line.kind(), line.text(), MoneyText.format(line.amount()),
                    statement.currency(), id(line.transactionId()), id(line.sessionId()),
                    line.stripeId() == null ? "" : line.stripeId());
        }
        balance(table, statement, statement.to(), "closing_balance", "Closing balance", statement.closingBalance());
        return table.toString();
    }

    private static void balance(StringBuilder table, Statement statement, Instant at, String kind, String text, Money balance) {
        row(table, time(at, statement.timeZone()), kind, text, MoneyText.format(balance), statement.currency(), "", "", "");
    }

    private static void row(StringBuilder table, String date, String kind, String text, String amount, String... rest) {
        table.append(date).append(',').append(kind).append(',').append(cell(text)).append(',').append(amount);
        for (String cell : rest) {
            table.append(',').append(cell(cell));
        }
        table.append("\r\n");
    }

    /** A text that a spreadsheet shows and never computes. */
    static String cell(String text) {
        String harmless = !text.isEmpty() && FORMULAS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return harmless.matches("[^\",\r\n]*") ? harmless : '"' + harmless.replace("\"", "\"\"") + '"';
    }

    private static String time(@Nullable Instant at, ZoneId zone) {
        return at == null ? "" : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at.atZone(zone).withNano(0));
    }

    private static String id(@Nullable UUID id) {
        return id == null ? "" : id.toString();
    }
}
