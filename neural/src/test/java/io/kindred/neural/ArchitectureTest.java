package io.kindred.neural;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The dependency rules between the packages of this module. */
@AnalyzeClasses(packages = "io.kindred.neural", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule libtorch_livesInTensorOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kindred.neural.tensor..")
          .should()
          .dependOnClassesThat(resideInAPackage("org.bytedeco.."));

  @ArchTest
  static final ArchRule batch_knowsNoTensors =
      noClasses()
          .that()
          .resideInAPackage("io.kindred.neural.batch..")
          .should()
          .dependOnClassesThat(resideInAPackage("io.kindred.neural.tensor.."));

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("io.kindred.neural.(*)..").should().beFreeOfCycles();
}
