import { type ErrorData, type ErrorTag, WeirError } from '../errors.ts'

/** An error that another process told of, thrown again on this side; its code says which one it is. */
export class ToldError extends WeirError {
  readonly tag: ErrorTag = 'InvalidInput'

  constructor({ code, message, path, object, offset, expected, actual }: ErrorData) {
    super(code, message, { path: path ?? undefined, object, offset, expected, actual })
  }
}
