package dev.reprise;

/** What a subscription tells. */
public sealed interface StreamMessage {
  /**
   * Something changed.
   *
   * @param change what
   * @param token all changes up to it were told; empty where more of the same moment follow
   */
  record Changed(Change change, String token) implements StreamMessage {}

  /**
   * All matching changes up to the token were told.
   *
   * @param token the token
   */
  record Progress(String token) implements StreamMessage {}

  /**
   * Changes may be missing: drop what was derived from them.
   *
   * @param reason why
   * @param token where the stream goes on
   */
  record Reset(ResetReason reason, String token) implements StreamMessage {}

  /**
   * The subscription stands elsewhere now.
   *
   * @param state where
   */
  record StateChanged(SubscriptionState state) implements StreamMessage {}
}
