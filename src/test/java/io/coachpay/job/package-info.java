/** Tests of recurring work. */
@NullMarked
package io.coachpay.job;

import org.jspecify.annotations.NullMarked;
