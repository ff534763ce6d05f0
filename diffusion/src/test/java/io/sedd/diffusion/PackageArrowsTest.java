package io.sedd.diffusion;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The arrows of ARCHITECTURE.md: sampling → network → backend → process, and process knows nobody.
 */
@AnalyzeClasses(
    packages = "io.sedd.diffusion",
    importOptions = ImportOption.DoNotIncludeTests.class)
class PackageArrowsTest {

  private static final String ROOT = "io.sedd.diffusion.";

  @ArchTest
  static final ArchRule processKnowsNobody =
      classes()
          .that()
          .resideInAPackage(ROOT + "process")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", ROOT + "process");

  @ArchTest
  static final ArchRule backendKnowsOnlyProcess =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "backend..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "network..", ROOT + "sampling..", ROOT + "text..");

  @ArchTest
  static final ArchRule networkDoesNotKnowSamplingOrText =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "network..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "sampling..", ROOT + "text..");

  @ArchTest
  static final ArchRule samplingDoesNotKnowText =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "sampling..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "text..");

  @ArchTest
  static final ArchRule onlyTheNd4jBackendKnowsNd4j =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "backend.nd4j..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.bytedeco..");

  @ArchTest
  static final ArchRule diffusionKnowsNoKafkaAndNoHttp =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "io.vertx..");
}
