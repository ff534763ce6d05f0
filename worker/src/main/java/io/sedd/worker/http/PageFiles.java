package io.sedd.worker.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that the page is made of: HTML, style and modules as they lie in the resources.
 *
 * @param answers by path
 */
record PageFiles(Map<String, HttpAnswer> answers) {

  private static final String FOLDER = "/io/sedd/worker/page/site/";

  private static final List<String> NAMES =
      List.of(
          "index.html",
          "page.css",
          "icon.svg",
          "theme.js",
          "main.js",
          "stream.js",
          "state.js",
          "dom.js",
          "format.js",
          "numbers.js",
          "sparkline.js",
          "lanes.js",
          "lane.js",
          "jobs.js",
          "checkpoints.js",
          "notices.js",
          "template.js",
          "form.js",
          "own.js",
          "announce.js");

  /** Nothing comes from elsewhere, nothing runs that is not a file of its own, nobody frames it. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src"
              + " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cross-Origin-Opener-Policy",
          "same-origin");

  /** Reads them. */
  static PageFiles read() {
    Map<String, HttpAnswer> answers = new LinkedHashMap<>();
    for (String name : NAMES) {
      answers.put("/page/" + name, new HttpAnswer(200, type(name), text(name), HEADERS));
    }
    return new PageFiles(answers);
  }

  /** The page itself. */
  HttpAnswer index() {
    return answers.get("/page/index.html");
  }

  private static String text(String name) {
    try (InputStream file = PageFiles.class.getResourceAsStream(FOLDER + name)) {
      if (file == null) {
        throw new IllegalStateException("the resource " + FOLDER + name + " is missing");
      }
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + FOLDER + name, e);
    }
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.'))) {
      case ".html" -> "text/html; charset=utf-8";
      case ".css" -> "text/css; charset=utf-8";
      case ".js" -> "text/javascript; charset=utf-8";
      case ".svg" -> "image/svg+xml";
      default -> throw new IllegalStateException("what type is " + name + "?");
    };
  }
}
