package io.coachpay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.ws.rs.HttpMethod;

import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

import io.coachpay.http.AsksStripe;
import io.coachpay.http.MoneyMoving;
import io.coachpay.http.RateLimits;
import io.coachpay.stripe.IdempotentCalls;

/**
 * Every endpoint that can ask Stripe is limited, or one person spends what Stripe allows the platform: by an annotation, or, on
 * a page that nobody signs in to, by counting for the person it is about. Calls are followed from each endpoint through our
 * classes, an interface's into everything that implements it.
 */
@AnalyzeClasses(packages = "io.coachpay", importOptions = ImportOption.DoNotIncludeTests.class)
class AskingStripeTest {

    /** The class that makes each call, and the one that is given calls as functions, which are not followed. */
    private static final String[] DOORS = { "io.coachpay.stripe.StripeCalls", IdempotentCalls.class.getName() };

    @ArchTest
    static void limitsEveryEndpointThatReachesStripe(JavaClasses classes) {
        Calls calls = new Calls(classes);
        Set<JavaMethod> counting = calls.endpointsReaching(RateLimits.class.getName());

        Set<String> forgotten = calls.endpointsReaching(DOORS).stream()
                .filter(endpoint -> !isLimited(endpoint) && !counting.contains(endpoint)).map(JavaMethod::getFullName)
                .collect(Collectors.toSet());

        assertThat(forgotten).isEmpty();
    }

    @ArchTest
    static void saysOfEveryLimitWhatComesBeyondIt(JavaClasses classes) {
        Set<String> untold = classes.stream().flatMap(one -> one.getMethods().stream()).filter(AskingStripeTest::isLimited)
                .filter(method -> method.isMetaAnnotatedWith(HttpMethod.class))
                .filter(endpoint -> Stream.of(endpoint.reflect().getAnnotationsByType(APIResponse.class))
                        .noneMatch(response -> response.responseCode().equals("429")))
                .map(JavaMethod::getFullName).collect(Collectors.toSet());

        assertThat(untold).isEmpty();
    }

    /** A test that follows nothing would find nothing. */
    @ArchTest
    static void followsCallsThroughLambdasAndInterfaces(JavaClasses classes) {
        assertThat(new Calls(classes).endpointsReaching(DOORS).stream()
                .map(endpoint -> endpoint.getOwner().getSimpleName() + "." + endpoint.getName()))
                .contains("ConnectedAccountResource.begin", "ConnectedAccountResource.dashboardLink",
                        "SessionPaymentResource.pay", "SessionPaymentResource.giveUp", "ConnectPages.back",
                        "CheckoutPages.returned",
                        "RefundResource.refund", "DisputeResource.submit", "PayoutResource.request",
                        "TransferRequestResource.retry")
                .doesNotContain("SessionResource.book", "SessionResource.list", "ConnectedAccountResource.account");
    }

    private static boolean isLimited(JavaMethod endpoint) {
        return Stream.of(AsksStripe.class, MoneyMoving.class)
                .anyMatch(limit -> endpoint.isAnnotatedWith(limit) || endpoint.getOwner().isAnnotatedWith(limit));
    }

    /** The calls between methods. */
    private static final class Calls {

        private final JavaClasses classes;
        private final Map<JavaCodeUnit, Set<JavaCodeUnit>> callers = new HashMap<>();

        Calls(JavaClasses classes) {
            this.classes = classes;
            units().forEach(caller -> called(caller).forEach(
                    called -> callers.computeIfAbsent(called, unit -> new HashSet<>()).add(caller)));
        }

        /** Endpoints from which a call may get to one of these classes. */
        Set<JavaMethod> endpointsReaching(String... there) {
            Deque<JavaCodeUnit> next = new ArrayDeque<>();
            Stream.of(there).forEach(one -> next.addAll(classes.get(one).getMethods()));
            Set<JavaCodeUnit> reaching = new HashSet<>(next);
            while (!next.isEmpty()) {
                callers.getOrDefault(next.pop(), Set.of()).stream().filter(reaching::add).forEach(next::push);
            }
            return reaching.stream().filter(JavaMethod.class::isInstance).map(JavaMethod.class::cast)
                    .filter(method -> method.isMetaAnnotatedWith(HttpMethod.class)).collect(Collectors.toSet());
        }

        private Stream<JavaCodeUnit> units() {
            return classes.stream().flatMap(one -> one.getCodeUnits().stream());
        }

        private static Stream<JavaCodeUnit> called(JavaCodeUnit caller) {
            Stream<JavaCodeUnit> named = Stream
                    .concat(caller.getCallsFromSelf().stream().map(call -> call.getTarget().resolveMember()),
                            Stream.concat(caller.getMethodReferencesFromSelf().stream(),
                                    caller.getConstructorReferencesFromSelf().stream())
                                    .map(reference -> reference.getTarget().resolveMember()))
                    .flatMap(member -> member.stream()).map(JavaCodeUnit.class::cast);
            return named.flatMap(unit -> Stream.concat(Stream.of(unit), overriding(unit)));
        }

        private static Stream<JavaCodeUnit> overriding(JavaCodeUnit unit) {
            List<String> parameters = unit.getRawParameterTypes().stream().map(JavaClass::getName).toList();
            return unit.getOwner().getAllSubclasses().stream()
                    .flatMap(one -> one.tryGetMethod(unit.getName(), parameters.toArray(String[]::new)).stream());
        }
    }
}
