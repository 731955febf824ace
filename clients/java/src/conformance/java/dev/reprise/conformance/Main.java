package dev.reprise.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * The driver: reads a command a line and writes an answer a line, as
 * clients/conformance/PROTOCOL.md says.
 */
public final class Main {
  private Main() {}

  /**
   * Runs until standard input ends.
   *
   * @param arguments none
   * @throws IOException if standard input can't be read
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream answers =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    Commands commands = new Commands();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode command = Json.parse(line);
      commands.begin(command).thenAccept(answer -> print(answers, command.get("id"), answer));
    }
    commands.reset();
    System.exit(0);
  }

  private static void print(PrintStream answers, JsonNode id, ObjectNode answer) {
    answer.set("id", id);
    synchronized (answers) {
      answers.println(answer);
    }
  }

  /** Makes an answer of what came of a command. */
  static CompletableFuture<ObjectNode> answer(CompletableFuture<? extends JsonNode> outcome) {
    return outcome.handle(
        (ok, error) -> {
          ObjectNode answer = Json.object();
          return error == null ? answer.set("ok", ok) : answer.set("error", Errors.told(error));
        });
  }
}
