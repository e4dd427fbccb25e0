package io.coachpay.simulation;

/**
 * One thing that happens in a story, decided in every detail.
 *
 * @param words what it is, for whoever reads the script
 */
record Deed(String words, Doing doing) {

    /** How it is done. */
    interface Doing {

        /** Does it; what came of it, in a few words. Anything thrown ends the story as a failure. */
        String on(Stage stage);
    }
}
