package io.coachpay.share;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** All tests but those of {@link SecondShare}. */
@Suite
@SelectPackages("io.coachpay")
@ExcludeClassNamePatterns(SecondShare.TESTS)
class FirstShare {
}
