package io.sedd.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Whoever reads a message or a checkpoint needs no Kafka: it is the client's alone. */
@AnalyzeClasses(packages = "io.sedd.protocol", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageArrowsTest {

  private static final String CLIENT = "io.sedd.protocol.client..";

  @ArchTest
  static final ArchRule onlyTheClientKnowsKafka =
      noClasses()
          .that()
          .resideOutsideOfPackage(CLIENT)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule theClientKnowsTheMessagesAlone =
      noClasses()
          .that()
          .resideInAPackage(CLIENT)
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages(
              CLIENT, "io.sedd.protocol.job..", "java..", "org.apache.kafka..");

  @ArchTest
  static final ArchRule noArrowsGoInACircle =
      slices().matching("io.sedd.protocol.(*)..").should().beFreeOfCycles();
}
