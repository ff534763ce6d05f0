package io.sedd.cuda.ptx.syntax;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a PTX text: directives of the module, variables and the heads of functions. */
public final class PtxParser {

  private final Tokens tokens;
  private final Map<Integer, String> files = new HashMap<>();
  private final List<PtxVariable> variables = new ArrayList<>();
  private final Map<String, PtxFunction> functions = new LinkedHashMap<>();
  private String target = "";

  private PtxParser(String ptx) {
    tokens = new Tokens(ptx);
  }

  /**
   * @throws PtxSyntaxException where it is no PTX, or none that is understood here
   */
  public static PtxModule parse(String ptx) {
    PtxParser parser = new PtxParser(ptx);
    parser.module();
    return new PtxModule(parser.target, parser.variables, parser.functions);
  }

  private void module() {
    nameFiles();
    while (!tokens.end()) {
      switch (tokens.peek()) {
        case ".version", ".address_size", ".file" -> tokens.restOfLine();
        case ".target" -> target = tokens.restOfLine().get(1);
        case ".section" -> section();
        case ".visible", ".extern", ".weak", ".common" -> tokens.take();
        case ".entry", ".func" -> function();
        case ".global", ".const", ".shared" -> {
          variables.add(Declarations.variable(tokens));
          tokens.expect(";");
        }
        case ".alias", ".pragma" -> tokens.restOfLine();
        default -> throw tokens.error("'" + tokens.peek() + "' is no directive of a module");
      }
    }
  }

  /** Files stand at the end of the text, after the lines that name them by number. */
  private void nameFiles() {
    while (!tokens.end()) {
      if (tokens.peek().equals(".file")) {
        List<String> words = tokens.restOfLine();
        String path = words.get(2).replace("\"", "");
        files.put(Integer.parseInt(words.get(1)), path.substring(path.lastIndexOf('/') + 1));
      } else {
        tokens.take();
      }
    }
    tokens.restart();
  }

  private void section() {
    tokens.take();
    tokens.take();
    tokens.expect("{");
    while (!tokens.takeIf("}")) {
      tokens.take();
    }
  }

  private void function() {
    boolean kernel = tokens.take().equals(".entry");
    List<PtxVariable> results = List.of();
    if (!kernel && tokens.peek().equals("(")) {
      results = Declarations.parameters(tokens);
    }
    String name = tokens.take();
    List<PtxVariable> parameters = List.of();
    if (tokens.peek().equals("(")) {
      parameters = Declarations.parameters(tokens);
    }
    int threads = 0;
    while (!tokens.peek().equals("{") && !tokens.peek().equals(";")) {
      if (tokens.peek().equals(".maxntid") || tokens.peek().equals(".reqntid")) {
        tokens.take();
        threads = (int) tokens.integer();
        while (tokens.takeIf(",")) {
          threads *= (int) tokens.integer();
        }
      } else {
        tokens.take();
      }
    }
    if (tokens.takeIf(";")) {
      return;
    }
    BodyParser body = new BodyParser(tokens, files);
    body.parse();
    functions.put(
        name,
        new PtxFunction(
            name, kernel, results, parameters, body.variables(), body.statements(), threads));
  }
}
