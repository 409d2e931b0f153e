package io.kindred.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.kindred.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The dependency rules between the modules, over everything that the command brings along. */
@AnalyzeClasses(packages = "io.kindred", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String CLI = "io.kindred.cli..";
  private static final String SERVER = "io.kindred.server..";
  private static final String INGEST = "io.kindred.ingest..";

  @ArchTest
  static final ArchRule modules_haveNoCycles =
      slices().matching("io.kindred.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule cli_isSeenByNothing =
      noClasses()
          .that()
          .resideOutsideOfPackage(CLI)
          .should()
          .dependOnClassesThat(resideInAPackage(CLI));

  @ArchTest
  static final ArchRule server_isSeenByCliOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages(CLI, SERVER)
          .should()
          .dependOnClassesThat(resideInAPackage(SERVER));

  @ArchTest
  static final ArchRule ingest_isSeenByServerAndCliOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages(CLI, SERVER, INGEST)
          .should()
          .dependOnClassesThat(resideInAPackage(INGEST));

  @ArchTest
  static final ArchRule httpTypes_stayInTheHttpPackage =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kindred.server.http..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.javalin..", "jakarta.servlet..", "org.eclipse.jetty.."));

  @ArchTest
  static final ArchRule duckDb_staysInIngest =
      noClasses()
          .that()
          .resideOutsideOfPackage(INGEST)
          .should()
          .dependOnClassesThat(resideInAPackage("org.duckdb.."));

  @ArchTest
  static final ArchRule jvector_staysInAnn =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kindred.ann..")
          .should()
          .dependOnClassesThat(resideInAPackage("io.github.jbellis.."));

  @ArchTest
  static final ArchRule lucene_staysInText =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kindred.text..")
          .should()
          .dependOnClassesThat(resideInAPackage("org.apache.lucene.."));

  @ArchTest
  static final ArchRule onnxRuntime_staysInOnnx =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kindred.onnx..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("ai.onnxruntime..", "ai.djl.."));

  @ArchTest
  static final ArchRule libtorch_staysInNeural =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kindred.neural..")
          .should()
          .dependOnClassesThat(resideInAPackage("org.bytedeco.."));

  @ArchTest
  static final ArchRule standardStreams_areForCliOnly =
      noClasses().that().resideOutsideOfPackage(CLI).should(ACCESS_STANDARD_STREAMS);

  @ArchTest
  static void classpath_holdsTheOtherModules(JavaClasses classes) {
    assertThat(classes)
        .as("classes outside cli")
        .anyMatch(c -> !c.getPackageName().startsWith("io.kindred.cli"));
  }

  @ArchTest
  static void page_namesEveryModuleAndCapability(JavaClasses classes) throws IOException {
    String page = Files.readString(Documented.root().resolve("docs/architecture.md"));
    Matcher module =
        Pattern.compile("<module>([a-z]+)</module>")
            .matcher(Files.readString(Documented.root().resolve("pom.xml")));
    while (module.find()) {
      assertThat(page).contains("| `" + module.group(1) + "` |");
    }
    List<String> capabilities =
        classes.stream()
            .filter(JavaClass::isInterface)
            .filter(c -> c.getPackageName().equals("io.kindred"))
            .filter(c -> !c.isEquivalentTo(Model.class))
            .filter(
                c -> c.getAllSubclasses().stream().anyMatch(sub -> sub.isAssignableTo(Model.class)))
            .map(JavaClass::getSimpleName)
            .toList();
    assertThat(capabilities).contains("Explainer", "VectorModel");
    assertThat(capabilities).allMatch(name -> page.contains("| `" + name + "` |"));
  }
}
