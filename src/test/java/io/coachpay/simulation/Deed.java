package io.coachpay.simulation;

/**
 * One event of a story, decided in every detail.
 *
 * @param words for readers of the script
 */
record Deed(String words, Doing doing) {

    /** The code of a deed. */
    interface Doing {

        /** Does it, and returns the result in a few words. An exception ends the story as a failure. */
        String on(Stage stage);
    }
}
