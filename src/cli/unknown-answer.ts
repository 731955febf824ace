/** Returns the error of an answer without a case: it was added to the contract later than this command. */
export function unknownAnswer(): Error {
  return new Error('the server answered in a way that this version does not know: upgrade the command');
}
