package io.sedd.trainer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The trainer uses protocol and diffusion, and its own packages point one way. */
@AnalyzeClasses(packages = "io.sedd.trainer", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageArrowsTest {

  private static final String ROOT = "io.sedd.trainer.";

  @ArchTest
  static final ArchRule trainerUsesProtocolAndDiffusionOnly =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.sedd.worker..", "io.sedd.launcher..", "org.apache.kafka..", "io.vertx..");

  @ArchTest
  static final ArchRule trainerDoesNotKnowItsDevice =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.sedd.diffusion.backend.nd4j..",
              "io.sedd.diffusion.backend.reference..",
              "org.nd4j..",
              "org.bytedeco..");

  @ArchTest
  static final ArchRule onlyTheRunKnowsTheRun =
      classes()
          .that()
          .resideInAPackage(ROOT + "training")
          .should()
          .onlyBeAccessed()
          .byAnyPackage("io.sedd.trainer", ROOT + "training");

  @ArchTest
  static final ArchRule objectiveAndOptimizerDoNotKnowEachOther =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "objective")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "optimizer", ROOT + "evaluation");
}
