package io.sedd.launcher.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The rules of axe-core, run inside the page. */
final class Accessibility {

  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

  private static final String CHECK =
      """
      const done = arguments[arguments.length - 1];
      axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}).then(
        found => done(found.violations.map(v => v.id + ': ' + v.help + ' at ' + v.nodes.map(n => n.target + ' (' + n.failureSummary + ')').join('; '))),
        fault => done([String(fault)]));
      """;

  private Accessibility() {}

  /** What is wrong with the page as it is now; empty if nothing is. */
  @SuppressWarnings("unchecked")
  static List<String> violations(Browser browser) throws IOException {
    try (InputStream axe = Accessibility.class.getResourceAsStream(AXE)) {
      browser.run(new String(axe.readAllBytes(), UTF_8));
    }
    return (List<String>) browser.runAsync(CHECK);
  }
}
