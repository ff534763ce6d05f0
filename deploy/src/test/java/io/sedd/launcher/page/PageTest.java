package io.sedd.launcher.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.Segment;
import io.sedd.worker.metrics.Metric;
import java.net.URI;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The live page as a person uses it: real browser, real worker, real broker, real weights. */
class PageTest {

  private static final int WAITING = 500;

  @TempDir private static Path folder;

  private static Browser browser;
  private static WorkerSite site;

  private URI page;

  @BeforeAll
  static void start() throws Exception {
    browser = Browser.start(folder.resolve("profile"));
    site = new WorkerSite(folder);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (site != null) {
      site.close();
    }
  }

  @BeforeEach
  void look() {
    page = site.worker().httpAddress().resolve("/");
    browser.size(1280, 900, 1, false);
    browser.colours("light");
    browser.open(page);
    browser.run("sessionStorage.clear()");
    browser.open(page);
    // the worker's state comes a moment after the page
    Browser.until(() -> !browser.text("#checkpoint .serving").isEmpty());
  }

  @AfterEach
  void theConsoleHasNothingToComplainOf() {
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void aJobOfTheFormIsWrittenBeforeOnesEyesAndCompleted() {
    fill("#steps", "200");
    fill("#seed", "9007199254740993");
    watchMasks();
    browser.find("#send").click();
    Browser.until(() -> browser.text("#own .status").startsWith("Completed"));
    List<Long> masks = masks();
    assertTrue(masks.stream().distinct().count() > 3, () -> "masked positions seen: " + masks);
    assertEquals(masks.stream().sorted(Comparator.reverseOrder()).toList(), masks);
    assertEquals(0, browser.count("#own .mask"));
    String text = browser.text("#own .text");
    assertTrue(text.startsWith("Once upon a time, there was a little dog named Max."), text);
    assertTrue(text.length() > 100, text);
    assertTrue(browser.text("#ended").contains("page-"));
  }

  @Test
  void aJobThatBreaksTheContractIsRefusedAtItsFieldAndNothingIsSent() {
    fill("#steps", "0");
    browser.find("#send").click();
    Browser.until(() -> !browser.text("#wrong").isEmpty());
    assertTrue(browser.text("#wrong").startsWith("steps: "), browser.text("#wrong"));
    assertEquals("true", browser.find("#steps").getDomAttribute("aria-invalid"));
    assertEquals("steps", browser.focused().getDomAttribute("id"));
    assertEquals(0, browser.count("#own article"));
    // that the browser notes an answer of 422 is no fault of the page
    assertTrue(browser.complaints().stream().allMatch(c -> c.contains("422")));
  }

  @Test
  void aJobThatTheWorkerRefusesSaysWhyAndIsADeadLetter() {
    fill("#template", "{2000}");
    browser.find("#send").click();
    Browser.until(() -> browser.text("#own .status").startsWith("Failed"));
    Browser.until(() -> browser.text("#notices").contains("too_long"));
    assertFalse(browser.text("#own .alert").isEmpty());
  }

  @Test
  void aNewCheckpointIsShownAsItIsServed() throws Exception {
    String older = site.swap().older();
    String newer = site.swap().newer();
    assertEquals(older, browser.text("#checkpoint .serving"));
    site.swap().publish(newer);
    Browser.until(() -> browser.text("#checkpoint .serving").equals(newer));
    Browser.until(
        () -> browser.text("#notices").contains("Serves " + newer + " instead of " + older));
    assertTrue(browser.text("#checkpoint .history").contains(older));
    Browser.until(() -> browser.text("#announcer").contains("Serves " + newer));
  }

  @Test
  void theKeyboardAloneIsEnough() {
    browser.run("document.activeElement.blur()");
    browser.press(Keys.TAB);
    assertEquals("#batch", browser.focused().getDomAttribute("href"));
    browser.press(Keys.TAB);
    assertEquals("theme", browser.focused().getDomAttribute("id"));
    browser.press(Keys.SPACE);
    assertEquals("light", browser.run("return document.documentElement.dataset.theme"));
    browser.press(Keys.SPACE);
    browser.press(Keys.SPACE);
    browser.press(Keys.TAB);
    assertEquals("template", browser.focused().getDomAttribute("id"));
    browser.press(Keys.chord(Keys.CONTROL, "a"), "The cat{6}");
    assertTrue(browser.text("#template-parts").startsWith("6 tokens"));
    for (int i = 0; i < 5; i++) { // past the examples
      browser.press(Keys.TAB);
      assertTrue(outlined(), () -> "no outline at " + browser.focused().getAccessibleName());
    }
    assertEquals("samples", browser.focused().getDomAttribute("id"));
    browser.press(Keys.chord(Keys.CONTROL, "a"), "2", Keys.ENTER);
    Browser.until(() -> browser.text("#own .status").startsWith("Completed"));
    assertEquals(2, browser.count("#own .text"));
  }

  @Test
  void fiveHundredWaitingJobsAreANumberAndAFewRows() {
    List<GenerationJob> jobs = longJobs("many", WAITING);
    long before = browser.count("*");
    site.send(jobs);
    try {
      Browser.until(() -> number("#count-waiting") + number("#count-running") >= WAITING);
      assertTrue(number("#count-waiting") > WAITING / 2, browser.text("#count-waiting"));
      Browser.until(() -> browser.count("#waiting tbody tr") == 12);
      Browser.until(() -> browser.text("#waiting-more").matches("and \\d+ more"));
      Browser.until(() -> browser.count(".lane") > 5);
      long lanes = browser.count(".lane");
      assertTrue(lanes <= 24, () -> lanes + " lanes");
      // a lane has an element a blank; the waiting jobs add their twelve rows and no more
      long added = browser.count("*") - before;
      assertTrue(added < lanes * 50 + 12 * 7, () -> added + " elements more than before");
      System.out.println("500 waiting jobs: " + added + " elements, frames " + frames());
    } finally {
      site.cancel(jobs);
    }
    Browser.until(() -> number("#count-waiting") + number("#count-running") == 0);
    Browser.until(() -> browser.count(".lane") == 0);
  }

  @Test
  void aCutConnectionIsSaidAndComesBackWithTheTruth() throws Exception {
    List<GenerationJob> jobs = longJobs("cut", 3);
    try (Cable cable = new Cable(page)) {
      browser.open(cable.end());
      site.send(jobs);
      Browser.until(() -> browser.count(".lane") == 3);
      cable.cut();
      Browser.until(() -> browser.text("#link-text").equals("Reconnecting"));
      long cancelled = number("#count-cancelled");
      site.cancel(jobs);
      Browser.until(() -> cancelled() >= cancelled + 3);
      assertEquals(3, browser.count(".lane"));
      cable.mend();
      Browser.until(() -> browser.text("#link-text").equals("Live"));
      Browser.until(() -> browser.count(".lane") == 0);
      Browser.until(() -> number("#count-cancelled") == cancelled + 3);
      assertTrue(browser.text("#ended").contains("cut-0"));
      // and it goes on from there
      browser.find("#send").click();
      Browser.until(() -> browser.text("#own .status").startsWith("Completed"));
      browser.open(page);
    }
    // refused connections are what this is about
    browser.complaints().forEach(c -> assertTrue(c.contains("net::ERR_"), c));
  }

  /** As the worker counts them, whatever the page shows. */
  private static double cancelled() {
    return site.worker().metrics().value(Metric.JOBS, "cancelled", "prefix");
  }

  @Test
  void noRuleOfAccessibilityIsBrokenInLightDarkAndOnAPhone() throws Exception {
    busy();
    assertEquals(List.of(), Accessibility.violations(browser));
    browser.colours("dark");
    assertEquals(List.of(), Accessibility.violations(browser));
    browser.size(360, 740, 1, true);
    assertEquals(List.of(), Accessibility.violations(browser));
    assertEquals(360L, browser.run("return document.documentElement.scrollWidth"));
    // axe-core draws on a canvas to learn what colours come out
    browser.complaints().forEach(c -> assertTrue(c.contains("Canvas2D"), c));
  }

  private void busy() {
    fill("#samples", "1");
    browser.find("#send").click();
    Browser.until(() -> browser.text("#own .status").startsWith("Completed"));
  }

  private boolean outlined() {
    return !"none".equals(browser.focused().getCssValue("outline-style"));
  }

  private static void fill(String css, String value) {
    browser.find(css).clear();
    browser.find(css).sendKeys(value);
  }

  private static long number(String css) {
    return Long.parseLong(browser.text(css).replace(",", ""));
  }

  /** Notes how many positions of the own job are masked each time that anything changes. */
  private static void watchMasks() {
    browser.run(
        """
        window.masks = [];
        new MutationObserver(() => {
          const now = document.querySelectorAll('#own .mask').length;
          if (document.querySelector('#own .text') && window.masks.at(-1) !== now) window.masks.push(now);
        }).observe(document.getElementById('own'), {subtree: true, childList: true, attributes: true});
        """);
  }

  @SuppressWarnings("unchecked")
  private static List<Long> masks() {
    return (List<Long>) browser.run("return window.masks");
  }

  /** Longest and middle time between two frames, over 60 of them; told, not judged. */
  private static Object frames() {
    return browser.runAsync(
        """
        const done = arguments[0], times = [];
        let last = performance.now();
        (function next() {
          requestAnimationFrame(() => {
            const now = performance.now();
            times.push(now - last);
            last = now;
            if (times.length < 60) return next();
            times.sort((a, b) => a - b);
            done('middle ' + times[30].toFixed(1) + ' ms, longest ' + times[59].toFixed(1) + ' ms');
          });
        })();
        """);
  }

  private static List<GenerationJob> longJobs(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new GenerationJob(
                    prefix + "-" + i,
                    List.of(new Segment.Text("Once upon a time"), new Segment.Blank(40)),
                    1,
                    4096,
                    JobDefaults.PREDICTOR,
                    1,
                    1,
                    OptionalLong.empty(),
                    5,
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    Map.of()))
        .toList();
  }
}
