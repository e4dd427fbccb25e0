package io.coachpay.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.vertx.core.json.JsonObject;

/** Invoices as their addresses show them to anybody who knows these: a page to pay on, and a PDF. */
final class InvoicePages {

    private static final Template INVOICE = new Template("invoice.html");
    private static final Template CARD = new Template("card.html");

    private final World world;

    InvoicePages(World world) {
        this.world = world;
    }

    Answer show(Pages.Visit visit) {
        return page(200, find(visit), visit, "");
    }

    Answer pay(Pages.Visit visit) {
        JsonObject invoice = find(visit);
        String account = owner(visit.id());
        try {
            Collection.requirePayable(invoice);
            JsonObject method = world.methods().create(account, Pages.card(visit.form()));
            world.billing().collection().charge(account, invoice, method);
        } catch (StripeError refusal) {
            JsonObject intent = world.billing().payments().intent(account, invoice);
            return intent != null && "requires_action".equals(intent.getString("status"))
                    ? Answer.redirect(world.base() + "/challenge/" + intent.getString("id"))
                    : page(402, invoice, visit, String.valueOf(refusal.getMessage()));
        }
        return Answer.redirect(invoice.getString("hosted_invoice_url"));
    }

    Answer pdf(Pages.Visit visit) {
        JsonObject invoice = find(visit);
        List<String> text = new ArrayList<>(List.of("Invoice " + invoice.getString("number"), "(sandbox)", ""));
        text.addAll(lines(invoice));
        text.add("Total " + Pages.amount(invoice, "total") + ", paid " + Pages.amount(invoice, "amount_paid"));
        return pdf(text);
    }

    Answer creditNote(Pages.Visit visit) {
        JsonObject note = world.billing().creditNotes().byId(visit.id());
        if (note == null) {
            throw StripeError.noSuch("credit_note", visit.id());
        }
        return pdf(
                List.of("Credit note " + note.getString("number"), "(sandbox)", "", "Amount " + Pages.amount(note, "amount")));
    }

    private Answer page(int status, JsonObject invoice, Pages.Visit visit, String error) {
        boolean payable = Collection.payable(invoice);
        String due = Pages.amount(invoice, "amount_remaining");
        Map<String, String> values = new LinkedHashMap<>();
        values.put("heading", "Invoice " + invoice.getString("number"));
        values.put("amount", payable ? due : Pages.amount(invoice, "total"));
        values.put("description", String.join("; ", lines(invoice)));
        values.put("error", error);
        values.put("status", invoice.getString("status"));
        values.put("pdf", invoice.getString("invoice_pdf"));
        if (!payable) {
            return Answer.html(status, INVOICE.page("Invoice", values));
        }
        values.put("action", "/i/" + visit.id() + "/" + visit.variables().get("token"));
        values.put("email", Pages.orEmpty(invoice.getString("customer_email")));
        values.put("number", visit.form().text("number", ""));
        values.put("expiry", visit.form().text("expiry", ""));
        values.put("name", visit.form().text("name", ""));
        values.put("button", "Pay " + due);
        values.put("cancelUrl", invoice.getString("invoice_pdf"));
        values.put("cancelHidden", "hidden");
        return Answer.html(status, CARD.page("Invoice", values));
    }

    private List<String> lines(JsonObject invoice) {
        return Invoices.lines(world.state(), invoice).stream()
                .map(line -> line.getString("description") + ": " + Pages.amount(line, "amount")).toList();
    }

    private JsonObject find(Pages.Visit visit) {
        String token = world.state().notes(visit.id()).getString("token", "");
        if (token.isEmpty() || !token.equals(visit.variables().get("token"))) {
            throw StripeError.noSuch("invoice", visit.id());
        }
        return world.state().get(owner(visit.id()), "invoice", visit.id());
    }

    private String owner(String id) {
        String owner = world.state().owner(id);
        return owner == null ? State.PLATFORM : owner;
    }

    /** A PDF of one page with these lines. */
    private static Answer pdf(List<String> lines) {
        StringBuilder text = new StringBuilder("BT /F1 12 Tf 50 780 Td 16 TL");
        lines.forEach(line -> text.append(" (").append(ascii(line)).append(") Tj T*"));
        text.append(" ET");
        List<String> objects = List.of("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
                        + " /Resources << /Font << /F1 5 0 R >> >> >>",
                "<< /Length " + text.length() + " >>\nstream\n" + text + "\nendstream",
                "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
        StringBuilder pdf = new StringBuilder("%PDF-1.4\n");
        StringBuilder table = new StringBuilder("0000000000 65535 f \n");
        for (int i = 0; i < objects.size(); i++) {
            table.append(String.format(Locale.ROOT, "%010d 00000 n \n", pdf.length()));
            pdf.append(i + 1).append(" 0 obj\n").append(objects.get(i)).append("\nendobj\n");
        }
        int start = pdf.length();
        pdf.append("xref\n0 ").append(objects.size() + 1).append('\n').append(table).append("trailer\n<< /Size ")
                .append(objects.size() + 1).append(" /Root 1 0 R >>\nstartxref\n").append(start).append("\n%%EOF\n");
        return new Answer(200, "application/pdf", pdf.toString(), Map.of());
    }

    private static String ascii(String line) {
        String plain = line.replace("×", "x").replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)");
        return new String(plain.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
    }
}
