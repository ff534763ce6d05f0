package io.sedd.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sedd.protocol.checkpoint.FileSystemCheckpointStore;
import io.sedd.protocol.configuration.ConfigurationException;
import io.sedd.protocol.job.GenerationResult;
import io.sedd.worker.broker.BrokerExtension;
import io.sedd.worker.broker.KafkaSite;
import io.sedd.worker.checkpoints.TinyCheckpoints;
import io.sedd.worker.delivery.Jobs;
import io.sedd.worker.top.TopCommand;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The page's endpoints: what they tell, and to whom. */
@ExtendWith(BrokerExtension.class)
class LivePageTest {

  private static final String JOB = "{\"template\": [{\"text\": \"Hi\"}, {\"blank\": 4}]}";

  @TempDir private Path checkpoints;

  @BeforeEach
  void publish() throws IOException {
    TinyCheckpoints.publish(new FileSystemCheckpointStore(checkpoints), "first", 1);
  }

  @Test
  void aBrowserGetsThePageWithAPolicyAndAllOthersTheList(KafkaSite site) throws Exception {
    try (Worker worker = RunningWorker.start(site, checkpoints)) {
      String page = ask(worker, "GET", "/", "", "Accept: text/html,*/*");
      assertTrue(page.contains("<!doctype html>"), page);
      assertTrue(page.contains("default-src 'none'; script-src 'self'"), page);
      assertTrue(ask(worker, "GET", "/", "").contains("\"endpoints\""));
      String module = ask(worker, "GET", "/page/main.js", "");
      assertTrue(module.contains("text/javascript"), module);
    }
  }

  @Test
  void byDefaultItTellsNumbersAndNoNameAndTakesNoJob(KafkaSite site) throws Exception {
    try (Worker worker = RunningWorker.start(site, checkpoints)) {
      site.send(Jobs.jobs("secret", 20));
      site.sendRaw("secret", "no job, but secret".getBytes(StandardCharsets.UTF_8));
      site.awaitResults(20);
      JsonObject state = new JsonObject(RunningWorker.get(worker, "/page/state").body());
      assertEquals(20, state.getJsonObject("sizes").getInteger("completed"));
      assertEquals("first", state.getJsonObject("checkpoint").getString("serving"));
      assertFalse(state.encode().contains("secret"), state.encode());
      assertTrue(post(worker, JOB).startsWith("HTTP/1.1 403"));
      // a name that is not its own is no matter where nothing is to be read
      assertTrue(ask(worker, "GET", "/page/state", "", "Host: any.example").contains("200 OK"));
    }
  }

  @Test
  void switchedOffThereIsNoPage(KafkaSite site) throws Exception {
    try (Worker worker = RunningWorker.start(site, checkpoints, "page.enabled=false")) {
      assertEquals(404, RunningWorker.get(worker, "/page/state").statusCode());
      assertTrue(ask(worker, "GET", "/", "", "Accept: text/html").contains("\"endpoints\""));
    }
  }

  @Test
  void aJobIsTakenFromThePageItselfAlone(KafkaSite site) throws Exception {
    try (Worker worker =
        RunningWorker.start(
            site,
            checkpoints,
            "page.texts=true",
            "page.submit=true",
            "page.hosts=[sedd.example.com]")) {
      String own = worker.httpAddress().getAuthority();
      for (List<String> refused :
          List.of(
              List.of("Content-Type: text/plain"),
              List.of("Content-Type: application/json", "Origin: https://evil.example"),
              List.of("Content-Type: application/json", "Origin: null"),
              List.of("Content-Type: application/json", "Sec-Fetch-Site: cross-site"),
              // a site that gave the worker's address a name of its own
              List.of(
                  "Content-Type: application/json",
                  "Host: evil.example",
                  "Origin: http://evil.example"))) {
        String answer = ask(worker, "POST", "/page/jobs", JOB, refused.toArray(String[]::new));
        assertTrue(answer.startsWith("HTTP/1.1 403"), () -> refused + ": " + answer);
      }
      assertTrue(ask(worker, "GET", "/page/events", "", "Host: evil.example").contains(" 403 "));
      assertTrue(post(worker, "[1]").startsWith("HTTP/1.1 422"));
      assertTrue(post(worker, JOB.replace("4", "0")).contains("$.template[1].blank"));
      assertTrue(post(worker, "{\"id\": \"mine\"}").contains("$.id"));
      assertTrue(post(worker, "x".repeat(20_000)).startsWith("HTTP/1.1 413"));
      String taken =
          ask(
              worker,
              "POST",
              "/page/jobs",
              JOB,
              "Content-Type: application/json",
              "Origin: http://" + own);
      assertTrue(taken.startsWith("HTTP/1.1 202"), taken);
      String named =
          ask(
              worker,
              "POST",
              "/page/jobs",
              JOB,
              "Content-Type: application/json",
              "Host: sedd.example.com",
              "Origin: https://sedd.example.com");
      assertTrue(named.startsWith("HTTP/1.1 202"), named);
      List<GenerationResult> results = site.awaitResults(2);
      assertTrue(results.stream().allMatch(r -> r.jobId().startsWith("page-")));
      String state = RunningWorker.get(worker, "/page/state").body();
      results.forEach(r -> assertTrue(state.contains(r.jobId()), state));
    }
  }

  @Test
  void whoMaySendJobsMustBeShownTexts(KafkaSite site) {
    ConfigurationException refused =
        assertThrows(
            ConfigurationException.class,
            () -> RunningWorker.configuration(site, checkpoints, "page.submit=true"));
    assertTrue(refused.getMessage().contains("submit needs texts"), refused.getMessage());
  }

  @Test
  void topShowsOneWorkerInDetailSeveralAsRowsAndSaysWhichIsSilent(KafkaSite site) throws Exception {
    try (Worker worker = RunningWorker.start(site, checkpoints)) {
      site.send(Jobs.jobs("job", 5));
      site.awaitResults(5);
      String address = worker.httpAddress().toString();
      StringWriter out = new StringWriter();
      assertEquals(0, top(out, "--once", address));
      assertTrue(out.toString().contains("5 completed"), out.toString());
      assertTrue(out.toString().contains("checkpoint  first"), out.toString());
      StringWriter rows = new StringWriter();
      assertEquals(1, top(rows, "--once", address, "127.0.0.1:1"));
      assertTrue(rows.toString().contains("together"), rows.toString());
      assertTrue(rows.toString().contains("http://127.0.0.1:1: "), rows.toString());
      StringWriter json = new StringWriter();
      assertEquals(0, top(json, "--once", "--json", address));
      assertEquals(
          "tested", new JsonObject(json.toString()).getJsonObject("about").getString("worker"));
      assertEquals(2, top(new StringWriter(), "--once", "ftp://x"));
    }
  }

  private static int top(StringWriter out, String... arguments) {
    CommandLine command = new CommandLine(new TopCommand());
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(new StringWriter()));
    return command.execute(arguments);
  }

  private static String post(Worker worker, String body) throws IOException {
    return ask(worker, "POST", "/page/jobs", body, "Content-Type: application/json");
  }

  /** By hand: no client lets one choose Host and Origin. Gives the whole answer. */
  private static String ask(
      Worker worker, String method, String path, String body, String... headers)
      throws IOException {
    try (Socket socket =
        new Socket(worker.httpAddress().getHost(), worker.httpAddress().getPort())) {
      StringBuilder request =
          new StringBuilder(method + " " + path + " HTTP/1.1\r\nConnection: close\r\n");
      if (List.of(headers).stream().noneMatch(h -> h.startsWith("Host:"))) {
        request.append("Host: ").append(worker.httpAddress().getAuthority()).append("\r\n");
      }
      for (String header : headers) {
        request.append(header).append("\r\n");
      }
      request.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
