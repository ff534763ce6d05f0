package io.sedd.diffusion.backend.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.diffusion.backend.BackendProvider.Availability;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.environment.Nd4jEnvironment;
import org.nd4j.linalg.factory.Nd4j;

/** What is said of the cards that ND4J's CUDA binary finds. */
class CardTest {

  private static final List<Card> CARDS =
      List.of(new Card("Tesla T4", 7, 5), new Card("NVIDIA H100 PCIe", 9, 0));

  private static Availability of(int device) {
    return Nd4jOperations.availability("JCublasBackend", CARDS, device);
  }

  /** The keys and types are those that ND4J's CUDA executioner fills in. */
  @Test
  void cardsAreReadFromWhatNd4jTells() {
    Properties environment = new Properties();
    environment.put(
        Nd4jEnvironment.CUDA_DEVICE_INFORMATION_KEY,
        List.of(
            Map.of(
                Nd4jEnvironment.CUDA_DEVICE_NAME_KEY, "Tesla T4",
                Nd4jEnvironment.CUDA_FREE_MEMORY_KEY, 15_000_000_000L,
                Nd4jEnvironment.CUDA_DEVICE_MAJOR_VERSION_KEY, 7L,
                Nd4jEnvironment.CUDA_DEVICE_MINOR_VERSION_KEY, 5L)));
    assertEquals(List.of(new Card("Tesla T4", 7, 5)), Card.all(environment));
  }

  @Test
  void aProcessorIsNoCard() {
    assertEquals(List.of(), Card.all(Nd4j.getExecutioner().getEnvironmentInformation()));
  }

  @Test
  void aCardThatNd4jHasCodeForIsNamedWithItsCapability() {
    assertEquals(
        new Availability(true, "ND4J runs on JCublasBackend, Tesla T4 (compute capability 7.5)"),
        of(0));
    assertTrue(
        Nd4jOperations.description(
                Nd4jOperations.place("JCublasBackend", CARDS, 0), 4, "rows in plain Java")
            .startsWith(
                "ND4J's own operations on JCublasBackend, Tesla T4 (compute capability 7.5),"
                    + " fp32:"));
  }

  @Test
  void aCardThatIsTooNewIsPointedToTheBackendForIt() {
    assertEquals(
        new Availability(
            false,
            "NVIDIA H100 PCIe has compute capability 9.0, and ND4J's CUDA binary has code for 3.7"
                + " to 8.6 only: choose the backend 'cuda', which is for 8.0 and newer"),
        of(1));
  }

  @Test
  void aCardThatIsNotThereIsSaid() {
    assertEquals(
        new Availability(
            false, "ND4J sees 2 NVIDIA cards, counted from 0, and number 2 was asked for"),
        of(2));
    assertFalse(of(-1).available());
  }

  @ParameterizedTest
  @CsvSource({"3,5,false", "3,7,true", "6,1,true", "8,6,true", "8,9,false", "10,0,false"})
  void capabilitiesFrom37To86Run(int major, int minor, boolean runs) {
    assertEquals(runs, new Card("a card", major, minor).refusal().isEmpty());
  }

  @Test
  void aCardThatIsTooOldIsPointedToTheProcessor() {
    String refusal = new Card("Tesla K20", 3, 5).refusal().orElseThrow();
    assertTrue(refusal.endsWith("build without the profile cuda-11.6, for the processor"), refusal);
  }
}
