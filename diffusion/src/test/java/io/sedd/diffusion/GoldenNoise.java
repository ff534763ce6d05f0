package io.sedd.diffusion;

import com.fasterxml.jackson.databind.JsonNode;
import io.sedd.diffusion.process.NoiseSchedule;

/** The noise schedules as the golden set names and describes them. */
public final class GoldenNoise {

  private GoldenNoise() {}

  /** From a description such as {@code {"type": "geometric", "sigma_min": 0.001, ...}}. */
  public static NoiseSchedule of(JsonNode description) {
    String type = description.path("type").asText(description.path("kind").asText());
    return switch (type) {
      case "loglinear" -> new NoiseSchedule.LogLinear(description.path("eps").asDouble(1e-3));
      case "geometric" ->
          new NoiseSchedule.Geometric(
              description.required("sigma_min").asDouble(),
              description.required("sigma_max").asDouble());
      default -> throw new IllegalArgumentException("unknown schedule: " + description);
    };
  }

  /** From a name such as {@code loglinear} or {@code geometric_0.0001_20}. */
  public static NoiseSchedule named(String name) {
    String[] parts = name.split("_", -1);
    return switch (parts[0]) {
      case "loglinear" -> new NoiseSchedule.LogLinear();
      case "geometric" ->
          new NoiseSchedule.Geometric(Double.parseDouble(parts[1]), Double.parseDouble(parts[2]));
      default -> throw new IllegalArgumentException("unknown schedule: " + name);
    };
  }
}
