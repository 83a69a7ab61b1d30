/**
 * The errors of Weir: few tags, typed fields, plain data at every border.
 * Narrow by `tag` (what kind of trouble) or `code` (which one exactly), never by text.
 */

export type ErrorTag =
  | 'InvalidInput'
  | 'OutputConflict'
  | 'BasinUnresolved'
  | 'Hdf5Error'
  | 'Unsupported'
  | 'ProcessGone'
  | 'Cancelled'
  | 'Internal'

/** Where and what; every field that is known is given. */
export interface ErrorDetails {
  /** File that is concerned. */
  readonly path?: string | undefined
  /** Path of the object inside the file, as `/events/image`. */
  readonly object?: string | undefined
  /** Byte offset in the file. */
  readonly offset?: number | undefined
  readonly expected?: string | number | undefined
  readonly actual?: string | number | undefined
  readonly cause?: unknown
}

/** Plain-data form that crosses process borders and is printed by `--json`. */
export interface ErrorData {
  readonly code: string
  readonly message: string
  readonly path: string | null
  readonly object?: string
  readonly offset?: number
  readonly expected?: string | number
  readonly actual?: string | number
}

/** Base of all deliberate errors. `code` is one of the `E_*` codes of the documentation. */
export abstract class WeirError extends Error {
  abstract readonly tag: ErrorTag
  readonly path: string | undefined
  readonly object: string | undefined
  readonly offset: number | undefined
  readonly expected: string | number | undefined
  readonly actual: string | number | undefined

  constructor(
    readonly code: string,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = new.target.name
    this.path = details.path
    this.object = details.object
    this.offset = details.offset
    this.expected = details.expected
    this.actual = details.actual
  }
}

/** The user or the caller gave something that cannot be worked with. */
export class InvalidInput extends WeirError {
  readonly tag = 'InvalidInput'
}

/** The output cannot be written where it was asked for. */
export class OutputConflict extends WeirError {
  readonly tag = 'OutputConflict'
}

/** A basin cannot be found or is another measurement. */
export class BasinUnresolved extends WeirError {
  readonly tag = 'BasinUnresolved'
}

/** The bytes of a file are not what the format asks for, or cannot be read or written. */
export class Hdf5Error extends WeirError {
  readonly tag = 'Hdf5Error'
}

/** Valid, but nothing that Weir can handle (an unknown filter, a committed datatype). */
export class Unsupported extends WeirError {
  readonly tag = 'Unsupported'
}

/** A process or thread that did the work is gone. */
export class ProcessGone extends WeirError {
  readonly tag = 'ProcessGone'
}

/** The user cancelled; code `E_CANCELLED`. */
export class Cancelled extends WeirError {
  readonly tag = 'Cancelled'
  constructor(details: ErrorDetails = {}) {
    super('E_CANCELLED', 'cancelled', details)
  }
}

/** A mistake in Weir itself; code `E_INTERNAL`. */
export class Internal extends WeirError {
  readonly tag = 'Internal'
  constructor(message: string, details: ErrorDetails = {}) {
    super('E_INTERNAL', message, details)
  }
}

/** Makes a WeirError of anything that was thrown; a deliberate one passes through. */
export function toWeirError(thrown: unknown, details: ErrorDetails = {}): WeirError {
  if (thrown instanceof WeirError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new Internal(message, { ...details, cause: thrown })
}

/** Plain-data form of anything that was thrown. */
export function toErrorData(thrown: unknown): ErrorData {
  const error = toWeirError(thrown)
  return {
    code: error.code,
    message: error.message,
    path: error.path ?? null,
    ...(error.object !== undefined && { object: error.object }),
    ...(error.offset !== undefined && { offset: error.offset }),
    ...(error.expected !== undefined && { expected: error.expected }),
    ...(error.actual !== undefined && { actual: error.actual }),
  }
}

/** Something worth telling that does not stop the job. `object` is a path inside the file. */
export interface Warning {
  readonly code: string
  readonly message: string
  readonly path: string
  readonly object?: string | undefined
  /** W_GROWING: events that were there, and when (ISO 8601, UTC). */
  readonly events?: number | undefined
  readonly time?: string | undefined
}

/** Marks the end of a switch over a union: the compiler refuses a forgotten case. */
export function assertNever(value: never): never {
  throw new Internal(`unexpected value ${JSON.stringify(value)}`)
}

/** Throws `Cancelled` if the signal was raised. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Cancelled()
}
