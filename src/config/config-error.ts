/** The operator asked for something that can't be done. The message says what to change; a stack would not help. */
export class ConfigError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConfigError';
  }
}
