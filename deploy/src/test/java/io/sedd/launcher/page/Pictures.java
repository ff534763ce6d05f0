package io.sedd.launcher.page;

import io.sedd.protocol.job.GenerationJob;
import io.sedd.protocol.job.JobDefaults;
import io.sedd.protocol.job.Segment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Makes the pictures of docs/page.md: {@code -Dpage.pictures=docs} and this main class. */
final class Pictures {

  private static final List<String> BEGINNINGS =
      List.of(
          "One day, a big brown bear",
          "Tom had a red ball. He",
          "The sun was hot and the children",
          "Sara and Ben went to the park with their mom. They",
          "There was a bird who could not",
          "A little boat on the lake");

  private Pictures() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("sedd-pictures");
    try (WorkerSite site = new WorkerSite(folder);
        Browser browser = Browser.start(folder.resolve("profile"))) {
      browser.size(1280, 1060, 1, false);
      browser.open(site.worker().httpAddress().resolve("/"));
      site.send(jobs("warm", 12, 24));
      Browser.until(() -> browser.text("#count-completed").equals("12"));
      site.sendRaw("not-json", "Tell me a story, please.");
      site.swap().publish(site.swap().newer());
      Browser.until(() -> browser.text("#notices").contains("instead of"));
      take(site, browser, "light", "page-desktop");
      take(site, browser, "dark", "page-dark");
      browser.size(390, 844, 2, true);
      take(site, browser, "light", "page-phone");
    }
  }

  private static void take(WorkerSite site, Browser browser, String colours, String name) {
    browser.colours(colours);
    fill(browser, "#samples", "1");
    fill(browser, "#steps", "200");
    browser.find("#send").click();
    Browser.until(() -> browser.count("#own .mask") > 0);
    List<GenerationJob> jobs = jobs(name.replace("page-", "story-"), 16, 200);
    site.send(jobs);
    browser.run(
        "document.activeElement.blur(); scrollTo(0, 0);"
            + "if (innerWidth < 500) document.querySelector('.examples').scrollIntoView()");
    Browser.until(() -> browser.count(".lane") > 3 && browser.count("#own .filled") > 30);
    browser.picture(name);
    site.cancel(jobs);
    Browser.until(() -> browser.count(".lane") == 0);
  }

  private static void fill(Browser browser, String css, String value) {
    browser.find(css).clear();
    browser.find(css).sendKeys(value);
  }

  private static List<GenerationJob> jobs(String prefix, int count, int steps) {
    List<GenerationJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(
          new GenerationJob(
              prefix + "-" + i,
              List.of(
                  new Segment.Text(BEGINNINGS.get(i % BEGINNINGS.size())),
                  new Segment.Blank(30 + 6 * (i % 5))),
              1,
              steps + 37 * (i % 7),
              JobDefaults.PREDICTOR,
              0.6,
              1,
              OptionalLong.empty(),
              5,
              java.util.Optional.empty(),
              java.util.Optional.empty(),
              0,
              java.util.Map.of()));
    }
    return jobs;
  }
}
