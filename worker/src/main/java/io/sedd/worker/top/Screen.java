package io.sedd.worker.top;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/**
 * Workers as lines of text: a block for one, a row each and a sum for several.
 *
 * @param ansi whether and how lines are coloured
 */
record Screen(Ansi ansi) {

  private static final String BARS = " ▁▂▃▄▅▆▇█";
  private static final int CURVE = 40;
  private static final int NOTICES = 5;

  /** All lines of a picture. */
  List<String> lines(List<WorkerState> workers) {
    List<String> lines = new ArrayList<>();
    if (workers.size() == 1) {
      switch (workers.getFirst()) {
        case WorkerState.Answered worker -> one(lines, worker);
        case WorkerState.Silent silent -> lines.add(silent(silent));
      }
    } else {
      rows(lines, workers);
    }
    return lines;
  }

  /** One line for one worker, for logs and pipes. */
  String line(WorkerState worker) {
    return switch (worker) {
      case WorkerState.Answered a -> {
        JsonObject sizes = a.sizes();
        yield text(
            "%s %s on %s: %d waiting, %d running, %.0f tokens/s, %.2f jobs/s, %d completed, %d"
                + " failed",
            a.name(),
            a.phase(),
            a.checkpoint(),
            sizes.getLong("waiting"),
            sizes.getLong("running"),
            a.rate("tokens"),
            a.rate("jobs"),
            sizes.getLong("completed"),
            sizes.getLong("failed"));
      }
      case WorkerState.Silent silent -> silent(silent);
    };
  }

  private static String silent(WorkerState.Silent worker) {
    return worker.address() + ": " + worker.why();
  }

  private void one(List<String> lines, WorkerState.Answered worker) {
    JsonObject sizes = worker.sizes();
    JsonObject about = worker.about();
    Duration up = Duration.ofMillis(worker.json().getLong("t") - about.getLong("started"));
    lines.add(ansi.string(text("@|bold %s|@  %s, up %s", worker.name(), worker.phase(), span(up))));
    lines.add(about.getString("device"));
    lines.add("");
    lines.add(text("checkpoint  %s%s", worker.checkpoint(), trouble(worker)));
    lines.add(
        text(
            "jobs        %,d waiting  %,d running  %,d completed  %,d failed  %,d expired  %,d"
                + " cancelled",
            sizes.getLong("waiting"),
            sizes.getLong("running"),
            sizes.getLong("completed"),
            sizes.getLong("failed"),
            sizes.getLong("expired"),
            sizes.getLong("cancelled")));
    lines.add(
        text(
            "batch       %,d of %,d rows, %,d masked  %s",
            sizes.getLong("rows"),
            about.getLong("maxRows"),
            sizes.getLong("masked"),
            bar(sizes.getLong("rows") / (double) about.getLong("maxRows"))));
    lines.add(text("tokens/s    %8.1f  %s", worker.rate("tokens"), curve(worker, "tokens")));
    lines.add(text("jobs/s      %8.2f  %s", worker.rate("jobs"), curve(worker, "jobs")));
    lines.add("step        " + step(worker));
    notices(lines, worker.json().getJsonArray("notices"));
  }

  private static String trouble(WorkerState.Answered worker) {
    String refused = worker.json().getJsonObject("checkpoint").getString("refused");
    return refused == null ? "" : "; " + refused;
  }

  private static String step(WorkerState.Answered worker) {
    for (int i = worker.rates().size() - 1; i >= 0; i--) {
      JsonObject rate = worker.rates().getJsonObject(i);
      if (rate.getDouble("steps") > 0) {
        JsonObject phases = rate.getJsonObject("phases");
        double total = phases.stream().mapToDouble(p -> (Double) p.getValue()).sum();
        StringBuilder text = new StringBuilder(text("%8.2f  ms: ", total));
        phases.forEach(p -> text.append(text("%s %.2f  ", p.getKey(), (Double) p.getValue())));
        return text.toString().strip();
      }
    }
    return "no step yet";
  }

  private static void notices(List<String> lines, JsonArray notices) {
    if (notices.isEmpty()) {
      return;
    }
    lines.add("");
    for (int i = Math.max(0, notices.size() - NOTICES); i < notices.size(); i++) {
      JsonObject notice = notices.getJsonObject(i);
      lines.add(text("%tT  %s", new java.util.Date(notice.getLong("t")), notice.getString("text")));
    }
  }

  private void rows(List<String> lines, List<WorkerState> workers) {
    int name = workers.stream().mapToInt(worker -> label(worker).length()).max().orElse(6);
    lines.add(
        ansi.string(
            text(
                "@|bold %-" + name + "s  %-8s %8s %8s %9s %7s %6s  %s|@",
                "worker",
                "state",
                "waiting",
                "running",
                "tokens/s",
                "jobs/s",
                "batch",
                "checkpoint")));
    long waiting = 0;
    long running = 0;
    double tokens = 0;
    double jobs = 0;
    for (WorkerState worker : workers) {
      switch (worker) {
        case WorkerState.Silent silent -> lines.add(silent(silent));
        case WorkerState.Answered a -> {
          lines.add(
              text(
                  "%-" + name + "s  %-8s %,8d %,8d %,9.0f %7.2f %5.0f%%  %s",
                  a.name(),
                  a.phase(),
                  a.sizes().getLong("waiting"),
                  a.sizes().getLong("running"),
                  a.rate("tokens"),
                  a.rate("jobs"),
                  100 * a.rate("fill"),
                  a.checkpoint()));
          waiting += a.sizes().getLong("waiting");
          running += a.sizes().getLong("running");
          tokens += a.rate("tokens");
          jobs += a.rate("jobs");
        }
      }
    }
    lines.add(
        text(
            "%-" + name + "s  %-8s %,8d %,8d %,9.0f %7.2f",
            "together",
            "",
            waiting,
            running,
            tokens,
            jobs));
  }

  private static String label(WorkerState worker) {
    return worker instanceof WorkerState.Answered a ? a.name() : "together";
  }

  private static String bar(double share) {
    int full = (int) Math.round(20 * Math.clamp(share, 0, 1));
    return "█".repeat(full) + "░".repeat(20 - full);
  }

  private static String curve(WorkerState.Answered worker, String name) {
    JsonArray rates = worker.rates();
    int from = Math.max(0, rates.size() - CURVE);
    double top = 1e-9;
    for (int i = from; i < rates.size(); i++) {
      top = Math.max(top, rates.getJsonObject(i).getDouble(name));
    }
    StringBuilder curve = new StringBuilder();
    for (int i = from; i < rates.size(); i++) {
      double share = rates.getJsonObject(i).getDouble(name) / top;
      curve.append(BARS.charAt((int) Math.ceil(share * (BARS.length() - 1))));
    }
    return curve.toString();
  }

  private static String span(Duration time) {
    return time.toHours() > 0
        ? text("%d h %d min", time.toHours(), time.toMinutesPart())
        : text("%d min %d s", time.toMinutes(), time.toSecondsPart());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
