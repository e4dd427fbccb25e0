/** The production package as a process of its own: what it contains, what it refuses, and that it starts. */
package io.coachpay.packaged;
