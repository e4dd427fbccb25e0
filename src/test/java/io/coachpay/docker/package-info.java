/** What operators get beside the package ({@code docker/}) agrees with the service: names, settings, figures, roles. */
@NullMarked
package io.coachpay.docker;

import org.jspecify.annotations.NullMarked;
