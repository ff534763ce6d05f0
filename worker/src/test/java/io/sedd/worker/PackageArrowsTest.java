package io.sedd.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The worker knows protocol and diffusion, and its stages know only those before them. */
@AnalyzeClasses(packages = "io.sedd.worker", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageArrowsTest {

  private static final String ROOT = "io.sedd.worker.";

  @ArchTest
  static final ArchRule ofThisProjectItKnowsProtocolAndDiffusionAlone =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.sedd.trainer..", "io.sedd.launcher..");

  @ArchTest
  static final ArchRule noArrowsGoInACircle =
      slices().matching(ROOT + "(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule stagesKnowOnlyThoseBeforeThem =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + "intake..", ROOT + "publishing..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROOT + "scheduling..", ROOT + "denoising..", ROOT + "reload..", ROOT + "http..");

  @ArchTest
  static final ArchRule schedulingDoesNotKnowDenoising =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "scheduling..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "denoising..", ROOT + "reload..", ROOT + "http..");

  @ArchTest
  static final ArchRule denoisingKnowsNoKafka =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + "denoising..", ROOT + "reload..", ROOT + "http..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule onlyTheEmbeddedBrokerKnowsTheBrokersOwnClasses =
      classes()
          .that()
          .resideOutsideOfPackage(ROOT + "broker..")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages("kafka..", "org.apache.kafka.metadata..", ROOT + "broker..");
}
