package io.coachpay;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.persistence.Entity;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jspecify.annotations.NullMarked;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

import io.coachpay.stripe.IdempotentCalls;

/** Rules between packages; the storeys are those that the README shows. */
@AnalyzeClasses(packages = "io.coachpay", importOptions = ImportOption.DoNotIncludeTests.class)
class StructureTest {

    /** Bottom to top: each package may use those before it. A new package takes its place here, and in the README. */
    static final List<Storey> STOREYS = List.of(new Storey("ground", "money", "access", "http", "job", "ledger"),
            new Storey("edge", "inbox", "stripe"), new Storey("people", "user", "coach"), new Storey("payments", "payment"),
            new Storey("money back", "transfer", "refund", "dispute"),
            new Storey("offers", "subscription", "invoice", "credit", "session"),
            new Storey("treasury", "balance", "payout", "reconciliation"), new Storey("windows", "reporting"),
            new Storey("outside the house", "development"));

    static final List<String> LAYERS = STOREYS.stream().flatMap(storey -> storey.packages().stream()).toList();

    private static final Set<String> CHANGES = Set.of("cancel", "confirm", "expire", "makePayoutsManual");

    private static final Set<String> ADDRESSES = Set.of("Response.created", "Response.seeOther", "Response.temporaryRedirect",
            "ResponseBuilder.location", "ResponseBuilder.contentLocation", "UriInfo.getBaseUri", "UriInfo.getBaseUriBuilder",
            "UriInfo.getAbsolutePath", "UriInfo.getAbsolutePathBuilder", "UriInfo.getRequestUriBuilder");

    /** Reads any object at Stripe, whatever its kind, for the handlers of its events. */
    private static final Set<String> ASK_STRIPE_TOO = Set.of("MissedObjects");

    /** Lines of an entity's file: what does not fit is a part of its own, see decision 31. */
    private static final int LONGEST_ENTITY = 250;

    /** The stand-in for Stripe is a world of its own. */
    private static final String SANDBOX = "io.coachpay.sandbox..";

    private static final String DEVELOPMENT = "io.coachpay.development..";

    @ArchTest
    static void usesOnlyPackagesBelow(JavaClasses classes) {
        for (int layer = 0; layer < LAYERS.size() - 1; layer++) {
            String[] above = LAYERS.subList(layer + 1, LAYERS.size()).stream().map(StructureTest::packages)
                    .toArray(String[]::new);
            noClasses().that().resideInAPackage(packages(LAYERS.get(layer))).should().dependOnClassesThat()
                    .resideInAnyPackage(above).allowEmptyShould(true).check(classes);
        }
    }

    @ArchTest
    static void knowsEveryPackage(JavaClasses classes) {
        Set<String> found = classes.stream().map(JavaClass::getPackageName).filter(name -> name.startsWith("io.coachpay."))
                .map(name -> name.split("\\.")[2]).filter(name -> !name.equals("sandbox")).collect(Collectors.toSet());

        assertThat(LAYERS).containsAll(found);
    }

    @ArchTest
    static void marksEveryPackageForNullChecking(JavaClasses classes) {
        Set<String> unmarked = classes.stream().map(JavaClass::getPackage)
                .filter(candidate -> !candidate.isAnnotatedWith(NullMarked.class)).map(JavaPackage::getName)
                .collect(Collectors.toSet());

        assertThat(unmarked).isEmpty();
    }

    @ArchTest
    static final ArchRule HAS_NO_CYCLES = slices().matching("io.coachpay.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule TALKS_TO_STRIPE_IN_ONE_PLACE = noClasses().that(areOutside("io.coachpay.stripe.."))
            .should().dependOnClassesThat().resideInAPackage("com.stripe..");

    /** Stripe stores a refusal under its key, so changes of an object at Stripe leave the counting of keys to one place. */
    @ArchTest
    static final ArchRule CHANGES_STRIPES_OBJECTS_IN_ONE_WAY = noClasses()
            .that(areOutside("io.coachpay.stripe..", SANDBOX))
            .and().areNotAssignableTo(IdempotentCalls.Change.class)
            .should().callMethodWhere(DescribedPredicate.describe("cancels, closes, confirms or sets up an object at Stripe",
                    call -> call.getTargetOwner().getPackageName().equals("io.coachpay.stripe")
                            && CHANGES.contains(call.getTarget().getName())));

    /**
     * A class that asks Stripe says so in its name; all others reach Stripe through those, outside any database transaction.
     */
    @ArchTest
    static final ArchRule SAYS_IN_ITS_NAME_THAT_IT_ASKS_STRIPE = noClasses()
            .that(areOutside("io.coachpay.stripe..", SANDBOX))
            .and(DescribedPredicate.describe("are not named after asking Stripe", owner -> !mayAskStripe(topLevel(owner))))
            .should().dependOnClassesThat(DescribedPredicate.describe("call Stripe", StructureTest::callsStripe));

    @ArchTest
    static void keepsBooksInTheCallersTransaction(JavaClasses classes) {
        Set<String> others = books(classes).flatMap(owner -> owner.getMethods().stream())
                .filter(method -> !method.getModifiers().contains(JavaModifier.PRIVATE)
                        && !method.getModifiers().contains(JavaModifier.STATIC)
                        && !method.getModifiers().contains(JavaModifier.SYNTHETIC))
                .filter(method -> !isMandatory(method) && !isMandatory(method.getOwner())).map(JavaMethod::getFullName)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(books(classes)).hasSizeGreaterThan(6);
        assertThat(others).isEmpty();
    }

    @ArchTest
    static void keepsStripeOutOfReachOfBooks(JavaClasses classes) {
        Map<String, String> ways = new TreeMap<>();
        books(classes).forEach(owner -> wayToStripe(owner, owner.getSimpleName(), new HashSet<>())
                .ifPresent(way -> ways.put(owner.getSimpleName(), way)));

        assertThat(ways).isEmpty();
    }

    /** A class that asks Stripe hands the answers to the books. */
    @ArchTest
    static final ArchRule LEAVES_BOOKING_TO_THE_BOOKS = noClasses().that().haveSimpleNameEndingWith("AtStripe").should()
            .dependOnClassesThat().resideInAPackage("io.coachpay.ledger..");

    /** Arrows run resource to door to books, door to Stripe to books, and handler to books. */
    @ArchTest
    static void leadsNowhereBackToTheDoor(JavaClasses classes) {
        Set<String> doors = books(classes).map(owner -> owner.getName().replaceFirst("Books$", "s")).filter(classes::contain)
                .collect(Collectors.toSet());
        Set<String> back = classes.stream()
                .filter(owner -> topLevel(owner).getSimpleName().matches(".+(Books|AtStripe|Sync|Handler)"))
                .flatMap(owner -> owner.getDirectDependenciesFromSelf().stream())
                .filter(arrow -> doors.contains(arrow.getTargetClass().getName())).map(Dependency::getDescription)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(doors).hasSizeGreaterThan(6);
        assertThat(back).isEmpty();
    }

    private static Stream<JavaClass> books(JavaClasses classes) {
        return classes.stream().filter(owner -> owner.getSimpleName().matches(".+Books"));
    }

    private static boolean isMandatory(HasAnnotations<?> annotated) {
        return annotated.isAnnotatedWith(Transactional.class)
                && annotated.getAnnotationOfType(Transactional.class).value() == TxType.MANDATORY;
    }

    /** The first way through what constructors are given, and what implements it, from a class to one that calls Stripe. */
    private static Optional<String> wayToStripe(JavaClass from, String way, Set<JavaClass> seen) {
        if (callsStripe(from)) {
            return Optional.of(way);
        }
        if (!from.getPackageName().startsWith("io.coachpay.") || !seen.add(from)) {
            return Optional.empty();
        }
        return Stream.concat(from.getConstructors().stream().flatMap(made -> made.getRawParameterTypes().stream()),
                from.isInterface() ? from.getAllSubclasses().stream() : Stream.empty())
                .map(next -> wayToStripe(next, way + " > " + next.getSimpleName(), seen)).flatMap(Optional::stream).findFirst();
    }

    /** The verbs of package stripe: whatever is given the one class that makes calls. */
    private static boolean callsStripe(JavaClass candidate) {
        return candidate.getPackageName().equals("io.coachpay.stripe") && candidate.getConstructors().stream()
                .flatMap(made -> made.getRawParameterTypes().stream())
                .anyMatch(given -> given.getSimpleName().equals("StripeCalls"));
    }

    private static boolean mayAskStripe(JavaClass owner) {
        return owner.getSimpleName().matches(".*(AtStripe|Sync|Imports?)") || ASK_STRIPE_TOO.contains(owner.getSimpleName());
    }

    private static JavaClass topLevel(JavaClass nested) {
        return nested.getEnclosingClass().map(StructureTest::topLevel).orElse(nested);
    }

    /** A request's Host is its sender's choice: addresses in answers come from the public address. */
    @ArchTest
    static final ArchRule MAKES_ADDRESSES_IN_ONE_PLACE = noClasses()
            .that(areOutside(SANDBOX)).and().doNotHaveFullyQualifiedName("io.coachpay.http.PublicAddress")
            .should().callMethodWhere(DescribedPredicate.describe("takes an address from the request, or sends one",
                    call -> ADDRESSES
                            .contains(call.getTarget().getOwner().getSimpleName() + "." + call.getTarget().getName())));

    @ArchTest
    static final ArchRule COUNTS_MONEY_WITHOUT_A_FRAMEWORK = classes().that().resideInAPackage("io.coachpay.money..").should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.coachpay.money..", "java..", "org.joda.money..", "org.jspecify..");

    @ArchTest
    static final ArchRule KEEPS_THE_SANDBOX_APART = noClasses().that().resideInAPackage(SANDBOX).should()
            .dependOnClassesThat(resideInAPackage("io.coachpay..").and(areOutside(SANDBOX))).allowEmptyShould(true);

    /** The sandbox's nouns are handed what they use; all of it belongs to what controls it, shows it, keeps it or opens it. */
    @ArchTest
    static final ArchRule HANDS_OUT_THE_SANDBOX_IN_PARTS = noClasses().that().resideInAPackage(SANDBOX).and()
            .haveNameNotMatching(".*\\.(World|Control|Snapshots|Server|Sandbox|\\w*Pages)(\\$.*)?")
            .should().dependOnClassesThat().haveFullyQualifiedName("io.coachpay.sandbox.World");

    @ArchTest
    static final ArchRule DOES_NOT_RELY_ON_THE_SANDBOX = noClasses().that(areOutside(SANDBOX, DEVELOPMENT)).should()
            .dependOnClassesThat().resideInAnyPackage(SANDBOX, DEVELOPMENT);

    @ArchTest
    static final ArchRule INJECTS_THROUGH_CONSTRUCTORS = GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

    @ArchTest
    static final ArchRule USES_JAKARTA = noClasses().should().dependOnClassesThat()
            .resideInAnyPackage("javax.inject..", "javax.enterprise..", "javax.ws..", "javax.persistence..");

    @ArchTest
    static final ArchRule NAMES_THINGS_AFTER_THE_BUSINESS = noClasses().should()
            .haveNameMatching(".*(Impl|Manager|Util|Utils|Helper|DTO|Dto)$");

    @ArchTest
    static void keepsEntitiesShort(JavaClasses classes) throws IOException {
        Set<String> longer = new TreeSet<>();
        for (JavaClass entity : classes
                .that(DescribedPredicate.describe("are entities", any -> any.isAnnotatedWith(Entity.class)))) {
            Path source = Path.of("src/main/java", entity.getName().replace('.', '/') + ".java");
            if (Files.readAllLines(source).size() > LONGEST_ENTITY) {
                longer.add(entity.getSimpleName());
            }
        }

        assertThat(longer).isEmpty();
    }

    /** A name that nobody has any more would change nothing, and `-Pmutation` would not complain. */
    @ArchTest
    static void triesToChangeEveryEntity(JavaClasses classes) throws IOException {
        Set<String> named = Pattern.compile("<param>(io\\.coachpay\\.[\\w.]+)</param>")
                .matcher(Files.readString(Path.of("pom.xml"))).results().map(name -> name.group(1)).collect(Collectors.toSet());

        assertThat(named).allMatch(name -> Stream.of("src/main/java", "src/test/java")
                .anyMatch(root -> Files.exists(Path.of(root, name.replace('.', '/') + ".java"))));
        assertThat(named).containsAll(classes.stream().filter(type -> type.isAnnotatedWith(Entity.class))
                .map(JavaClass::getName).toList());
    }

    /** The build cuts the packages of {@code src/dev} out of what ships, and the rules above know them by name. */
    @ArchTest
    static void keepsEachPackageInOneRoot(JavaClasses classes) throws IOException {
        assertThat(packagesOf(Path.of("src/dev/java"))).containsExactly("io/coachpay/development", "io/coachpay/sandbox")
                .doesNotContainAnyElementsOf(packagesOf(Path.of("src/main/java")));
    }

    private static Set<String> packagesOf(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).map(file -> root.relativize(file.getParent()).toString()
                    .replace(File.separatorChar, '/')).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Packages that serve the same end. */
    record Storey(String name, List<String> packages) {

        Storey(String name, String... packages) {
            this(name, List.of(packages));
        }
    }

    private static String packages(String layer) {
        return "io.coachpay." + layer + "..";
    }

    private static DescribedPredicate<JavaClass> areOutside(String... packages) {
        return DescribedPredicate.not(resideInAnyPackage(packages));
    }
}
