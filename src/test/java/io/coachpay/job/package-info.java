/** Whether recurring work comes round. */
@NullMarked
package io.coachpay.job;

import org.jspecify.annotations.NullMarked;
