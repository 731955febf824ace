package dev.reprise;

/** Keeps retries from multiplying an outage: ten are saved, and each call earns a tenth of one. */
final class RetryBudget {
  private static final double SAVED_MAX = 10;
  private static final double EARNED_BY_CALL = 0.1;

  private double saved = SAVED_MAX;

  synchronized void earn() {
    saved = Math.min(SAVED_MAX, saved + EARNED_BY_CALL);
  }

  synchronized boolean spend() {
    if (saved < 1) return false;
    saved -= 1;
    return true;
  }
}
