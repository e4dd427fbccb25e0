/** Credits: packages for sale, their purchase, wallets, what the platform may owe, and sessions paid with them. */
@NullMarked
package io.coachpay.credit;

import org.jspecify.annotations.NullMarked;
