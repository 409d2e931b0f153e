package io.kindred;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.Arrays;
import java.util.function.Function;

/** The dependency rules between the packages of core. */
@AnalyzeClasses(packages = "io.kindred", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String API = "io.kindred";
  private static final String DATA = "io.kindred.data..";
  private static final String SPARSE = "io.kindred.sparse..";
  private static final String LINALG = "io.kindred.linalg..";

  /** Packages that hold algorithms; a new one adds its name here. */
  private static final String[] ALGORITHMS = {
    "io.kindred.baseline..",
    "io.kindred.knn..",
    "io.kindred.factor..",
    "io.kindred.linear..",
    "io.kindred.graph..",
    "io.kindred.rating..",
    "io.kindred.content..",
    "io.kindred.blend..",
  };

  @ArchTest
  static final ArchRule sparse_dependsOnNothing =
      noClasses()
          .that()
          .resideInAPackage(SPARSE)
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.kindred..").and(resideOutsideOfPackages(SPARSE)));

  @ArchTest
  static final ArchRule linalg_dependsOnSparseOnly =
      noClasses()
          .that()
          .resideInAPackage(LINALG)
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.kindred..").and(resideOutsideOfPackages(LINALG, SPARSE)));

  @ArchTest
  static final ArchRule data_dependsOnSparseOnly =
      noClasses()
          .that()
          .resideInAPackage(DATA)
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.kindred..").and(resideOutsideOfPackages(DATA, SPARSE)));

  @ArchTest
  static final ArchRule api_dependsOnDataAndSparseOnly =
      noClasses()
          .that()
          .resideInAPackage(API)
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.kindred..").and(resideOutsideOfPackages(API, DATA, SPARSE)));

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("io.kindred.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule algorithms_dependOnApiSimilarityAndFeaturesOnly =
      everyAlgorithm(
          own ->
              noClasses()
                  .that()
                  .resideInAPackage(own)
                  .should()
                  .dependOnClassesThat(
                      resideInAPackage("io.kindred..")
                          .and(
                              resideOutsideOfPackages(
                                  own,
                                  "io.kindred.similarity..",
                                  "io.kindred.feature..",
                                  API,
                                  DATA,
                                  SPARSE,
                                  LINALG))));

  @ArchTest
  static final ArchRule measuring_dependsOnNoAlgorithm =
      noClasses()
          .that()
          .resideInAnyPackage("io.kindred.eval..", "io.kindred.metric..", "io.kindred.split..")
          .should()
          .dependOnClassesThat(resideInAnyPackage(ALGORITHMS));

  /** The registry lists every algorithm, so it may see all of core; nothing in core sees it. */
  @ArchTest
  static final ArchRule registry_isSeenByNothingInCore =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kindred.registry..")
          .should()
          .dependOnClassesThat(resideInAPackage("io.kindred.registry.."));

  @ArchTest
  static final ArchRule core_hasNoNativeCodeNorServer =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "org.duckdb..", "io.javalin..", "picocli..", "java.sql..", "org.bytedeco.."));

  private static ArchRule everyAlgorithm(Function<String, ArchRule> rule) {
    return CompositeArchRule.of(Arrays.stream(ALGORITHMS).map(rule).toList());
  }
}
