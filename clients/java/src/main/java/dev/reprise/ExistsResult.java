package dev.reprise;

/**
 * Whether a plain read would hit.
 *
 * @param exists whether there is a fresh entry
 * @param negative whether it says that the source has nothing
 */
public record ExistsResult(boolean exists, boolean negative) {}
