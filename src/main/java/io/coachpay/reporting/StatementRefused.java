package io.coachpay.reporting;

import io.coachpay.http.Refused;

/** Refusals of a statement. */
abstract class StatementRefused extends Refused {

    private StatementRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** The month has more lines than one answer can hold. */
    static final class TooLong extends StatementRefused {

        TooLong(long most) {
            super("statement-too-long", 422, "The statement is too long",
                    "A statement has at most " + most + " lines; the balance's explanation shows them page by page");
        }
    }
}
