/**
 * The client of Reprise, a cache that programs use over gRPC.
 *
 * <p>Begin with {@link dev.reprise.RepriseClient#connect(String)}. Every call has a blocking form
 * and one that ends in {@code Async} and returns a {@link java.util.concurrent.CompletableFuture};
 * cancelling that future gives the call up. A miss, a lost race and a condition that does not hold
 * are results; what fails is a {@link dev.reprise.RepriseException}, whose subclasses name the
 * cases that callers treat differently.
 */
package dev.reprise;
