package dev.reprise.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.DeleteResult;
import dev.reprise.ExistsResult;
import dev.reprise.IncrementResult;
import dev.reprise.InvalidateResult;
import dev.reprise.Lookup;
import dev.reprise.SetResult;
import dev.reprise.TouchResult;
import java.time.Duration;

/** Says in the words of the protocol what came out. */
final class Answers {
  private Answers() {}

  static ObjectNode lookup(Lookup<?> lookup) {
    if (lookup instanceof Lookup.Hit<?> hit) {
      ObjectNode answer = entry("hit", hit.entry());
      return answer.set("value", Json.value(hit.value()));
    }
    if (lookup instanceof Lookup.Negative<?> negative) return entry("negative", negative.entry());
    if (lookup instanceof Lookup.Miss<?> miss) {
      return Json.object()
          .put("kind", "miss")
          .put("missReason", miss.reason().name())
          .put("fence", miss.fence());
    }
    return failed(((Lookup.Failed<?>) lookup).error());
  }

  private static ObjectNode entry(String kind, Lookup.Entry entry) {
    ObjectNode answer =
        Json.object()
            .put("kind", kind)
            .put("revision", entry.revision())
            .put("stale", entry.stale())
            .put("unverified", entry.unverified())
            .put("freshForMs", Json.ms(entry.freshFor()));
    if (!entry.tags().isEmpty()) entry.tags().forEach(answer.putArray("tags")::add);
    return answer;
  }

  static ObjectNode set(SetResult result) {
    if (result instanceof SetResult.Stored stored) {
      return changed(stored.revision(), stored.token(), stored.freshFor())
          .put("stored", true)
          .put("local", stored.local());
    }
    if (result instanceof SetResult.NotStored refused) {
      return Json.object()
          .put("stored", false)
          .put("notStored", refused.reason().name())
          .put("revision", refused.revision());
    }
    if (result instanceof SetResult.Failed failed) return failed(failed.error());
    return passedThrough("stored");
  }

  static ObjectNode delete(DeleteResult result) {
    if (result instanceof DeleteResult.Deleted deleted) {
      return Json.object().put("existed", deleted.existed()).put("token", deleted.token());
    }
    if (result instanceof DeleteResult.Failed failed) return failed(failed.error());
    return passedThrough("existed");
  }

  static ObjectNode touch(TouchResult result) {
    if (result instanceof TouchResult.Touched touched) {
      return changed(touched.revision(), touched.token(), touched.freshFor()).put("touched", true);
    }
    if (result instanceof TouchResult.NotTouched absent) {
      return Json.object().put("touched", false).put("token", absent.token());
    }
    return passedThrough("touched");
  }

  static ObjectNode increment(IncrementResult result) {
    if (result instanceof IncrementResult.Incremented counter) {
      return changed(counter.revision(), counter.token(), counter.freshFor())
          .put("value", Long.toString(counter.value()));
    }
    if (result instanceof IncrementResult.NotIncremented refused) {
      return Json.object().put("notIncremented", refused.reason().name());
    }
    return Json.object().put("passThrough", true);
  }

  static ObjectNode exists(ExistsResult result) {
    return Json.object().put("exists", result.exists()).put("negative", result.negative());
  }

  static ObjectNode invalidate(InvalidateResult result) {
    if (result instanceof InvalidateResult.Invalidated done) {
      ObjectNode answer =
          Json.object()
              .put("invalidated", true)
              .put("token", done.token())
              .put("deferred", done.deferred());
      for (InvalidateResult.NodeReceipt node : done.receipt()) {
        answer
            .withArray("nodes")
            .addObject()
            .put("node", node.node())
            .put("state", node.state().name());
      }
      return answer;
    }
    if (result instanceof InvalidateResult.Counted counted) {
      return Json.object()
          .put("counted", counted.affected())
          .put("precision", counted.precision().name());
    }
    if (result instanceof InvalidateResult.Refused refused) {
      return Json.object()
          .put("refused", refused.reason().name())
          .put("affected", refused.affected());
    }
    return passedThrough("invalidated");
  }

  private static ObjectNode changed(String revision, String token, Duration freshFor) {
    return Json.object()
        .put("revision", revision)
        .put("token", token)
        .put("freshForMs", Json.ms(freshFor));
  }

  private static ObjectNode passedThrough(String what) {
    return Json.object().put(what, false).put("passThrough", true);
  }

  private static ObjectNode failed(Throwable error) {
    return Json.object().set("error", Errors.told(error));
  }
}
