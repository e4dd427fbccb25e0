package io.coachpay.share;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/**
 * About as much as {@link FirstShare}. Each share runs in a JVM of its own, with its own service, database and sandbox, so that
 * one computes while the other waits.
 */
@Suite
@SelectPackages("io.coachpay.journey")
@IncludeClassNamePatterns(SecondShare.TESTS)
class SecondShare {

    /** The journeys from M on. */
    static final String TESTS = ".+\\.journey\\.[M-Z]\\w*Test";
}
