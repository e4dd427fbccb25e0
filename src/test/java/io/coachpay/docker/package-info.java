/** Agreement of {@code docker/}, which operators get beside the package, with the service: names, settings, metrics, roles. */
@NullMarked
package io.coachpay.docker;

import org.jspecify.annotations.NullMarked;
