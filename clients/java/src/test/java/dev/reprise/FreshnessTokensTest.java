package dev.reprise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reprise.v1.Consistency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which tokens a read carries, with a clock that the test moves. */
class FreshnessTokensTest {
  private long now = 5;
  private final FreshnessTokens tokens = new FreshnessTokens(() -> now, Duration.ofSeconds(1));

  /** The tokens that a read of the keys carries, or "latest". */
  private List<String> needed(String... keys) {
    return told(tokens.needed(List.of(keys), List.of(), false));
  }

  private static List<String> told(Optional<Consistency> needed) {
    if (needed.isEmpty()) return List.of();
    return needed.get().hasLatest() ? List.of("latest") : needed.get().getAtLeast().getTokensList();
  }

  @Test
  void aReadCarriesTheNewestTokenOfItsKey() {
    tokens.wrote("k", "one");
    tokens.wrote("k", "two");
    tokens.wrote("other", "three");
    assertEquals(List.of("two"), needed("k"));
    assertEquals(List.of(), needed("unwritten"));
    assertEquals(List.of("two", "three"), needed("k", "other"));
  }

  @Test
  void anInvalidationConcernsWhatItCovers() {
    tokens.invalidated(key -> key.startsWith("p:"), "prefix");
    assertEquals(List.of("prefix"), needed("p:1"));
    assertEquals(List.of(), needed("q:1"));
  }

  @Test
  void afterTwiceTheMaximumLagNothingIsNeeded() {
    tokens.wrote("k", "one");
    tokens.invalidated(key -> true, "all");
    now += Duration.ofMillis(1999).toNanos();
    assertEquals(List.of("one", "all"), needed("k"));
    now += Duration.ofMillis(1).toNanos();
    assertEquals(List.of(), needed("k"));
  }

  @Test
  void whatHasNoRoomMakesReadsAskForTheLatest() {
    for (int i = 0; i < FreshnessTokens.KEYS_MAX; i++) tokens.wrote("k" + i, "t" + i);
    assertEquals(List.of("t0"), needed("k0"));
    now += Duration.ofSeconds(1).toNanos();
    tokens.wrote("more", "t");
    assertEquals(List.of("latest"), needed("k0"));
    now += Duration.ofSeconds(1).toNanos();
    assertEquals(List.of("t"), needed("more"), "what had no room is too old to matter");
  }

  @Test
  void moreInvalidationsThanFitMakeReadsAskForTheLatest() {
    for (int i = 0; i < FreshnessTokens.INVALIDATIONS_MAX; i++)
      tokens.invalidated(key -> true, "t" + i);
    assertEquals(8, needed("k").size());
    tokens.invalidated(key -> true, "t8");
    assertEquals(List.of("latest"), needed("k"));
  }

  @Test
  void aReadCarriesSixteenTokensAtMost() {
    List<String> keys = new ArrayList<>(IntStream.range(0, 16).mapToObj(i -> "k" + i).toList());
    for (String key : keys) tokens.wrote(key, "t-" + key);
    assertEquals(16, told(tokens.needed(keys, List.of(), false)).size());
    assertEquals(List.of("latest"), told(tokens.needed(keys, List.of("his"), false)));
  }

  @Test
  void droppedTokensAreForgotten() {
    for (int i = 0; i < FreshnessTokens.KEYS_MAX + 1; i++) tokens.wrote("k" + i, "t");
    tokens.drop();
    assertTrue(tokens.needed(List.of("k1"), List.of(), false).isEmpty());
  }

  @Test
  void aChangeWithoutATokenIsNotNoted() {
    tokens.wrote("k", "");
    tokens.invalidated(key -> true, "");
    assertEquals(List.of(), needed("k"));
  }
}
