/** What is wrong with a URL. */
export type RedisUrlProblem =
  | 'scheme'
  | 'login'
  | 'encoding'
  | 'host'
  | 'port'
  | 'database'
  | 'primary-name'
  | 'one-server-expected'
  | 'settings';

/** A URL that can't be used. The message says what to do, and repeats no part of the URL that may be secret. */
export class RedisUrlError extends Error {
  readonly problem: RedisUrlProblem;

  constructor(problem: RedisUrlProblem, whatToDo: string) {
    super(`the Redis URL can't be used: ${whatToDo}`);
    this.name = 'RedisUrlError';
    this.problem = problem;
  }
}
