import {
  assertNever,
  BasinUnresolved,
  Cancelled,
  Hdf5Error,
  Internal,
  InvalidInput,
  OutputConflict,
  ProcessGone,
  toErrorData,
  toWeirError,
  Unsupported,
  type ErrorData,
  type ErrorDetails,
  type ErrorTag,
  type WeirError,
} from '../errors.ts'

/** An error as plain data, for the way between threads and processes. */
export interface PackedError {
  readonly error: ErrorData
  readonly tag: ErrorTag
}

/** Makes plain data of anything that was thrown. */
export function packError(thrown: unknown): PackedError {
  return { error: toErrorData(thrown), tag: toWeirError(thrown).tag }
}

/** The error again; `known` adds what only this side knows, as the file. */
export function unpackError({ error, tag }: PackedError, known: ErrorDetails = {}): WeirError {
  const { object, offset, expected, actual } = error
  const details = { path: error.path ?? undefined, object, offset, expected, actual, ...known }
  switch (tag) {
    case 'Hdf5Error':
      return new Hdf5Error(error.code, error.message, details)
    case 'Unsupported':
      return new Unsupported(error.code, error.message, details)
    case 'InvalidInput':
      return new InvalidInput(error.code, error.message, details)
    case 'ProcessGone':
      return new ProcessGone(error.code, error.message, details)
    case 'OutputConflict':
      return new OutputConflict(error.code, error.message, details)
    case 'BasinUnresolved':
      return new BasinUnresolved(error.code, error.message, details)
    case 'Cancelled':
      return new Cancelled(details)
    case 'Internal':
      return new Internal(error.message, details)
    default:
      return assertNever(tag)
  }
}
