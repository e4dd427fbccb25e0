/** What development needs, tried as a developer would come upon it. */
@NullMarked
package io.coachpay.development;

import org.jspecify.annotations.NullMarked;
