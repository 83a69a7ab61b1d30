import { InvalidInput } from '../errors.ts'

/** Wrong use of the command line: E_USAGE, exit 2. The message says what to do instead. */
export function usageError(message: string, path?: string): InvalidInput {
  return new InvalidInput('E_USAGE', message, { path })
}

/** For what the documentation names and this version does not have yet. */
export function notYetAvailable(what: string): InvalidInput {
  return usageError(`${what} is not yet available in this version of Weir; weir --help lists what is`)
}
