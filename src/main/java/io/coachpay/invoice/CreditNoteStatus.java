package io.coachpay.invoice;

import java.util.EnumSet;
import java.util.Set;

import jakarta.persistence.EnumeratedValue;

import io.coachpay.access.Transitions;

/** The state of a credit note: Stripe's two, and ours before Stripe has it. */
enum CreditNoteStatus implements Transitions<CreditNoteStatus> {
    REQUESTED("requested"),
    ISSUED("issued"),
    VOID("void"),
    /** Stripe made none. */
    REFUSED("refused");

    @EnumeratedValue
    private final String column;

    CreditNoteStatus(String column) {
        this.column = column;
    }

    static CreditNoteStatus stripes(String word) {
        return Transitions.named(word, "credit notes", EnumSet.allOf(CreditNoteStatus.class));
    }

    @Override
    public Set<CreditNoteStatus> next() {
        return switch (this) {
            case REQUESTED -> EnumSet.of(ISSUED, VOID, REFUSED);
            case REFUSED -> EnumSet.of(ISSUED, VOID);
            case ISSUED -> EnumSet.of(VOID);
            case VOID -> EnumSet.noneOf(CreditNoteStatus.class);
        };
    }

    @Override
    public String column() {
        return column;
    }
}
