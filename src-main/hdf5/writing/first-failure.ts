import {
  assertNever,
  Hdf5Error,
  ProcessGone,
  toWeirError,
  Unsupported,
  type WeirError,
} from '../../errors.ts'

export interface FailurePlace {
  readonly path: string
  readonly object?: string | undefined
}

/** The first failure of a file is final: it is what every later call throws, itself and not a copy. */
export class FirstFailure {
  #error: WeirError | undefined
  readonly #listeners: ((error: WeirError) => void)[] = []

  get error(): WeirError | undefined {
    return this.#error
  }

  /** Keeps the failure if it is the first. Returns the first. */
  record(thrown: unknown, place: FailurePlace): WeirError {
    if (this.#error) return this.#error
    const error = addPlace(toWeirError(thrown, place), place)
    this.#error = error
    for (const listener of this.#listeners) listener(error)
    return error
  }

  /** Throws the first failure, if there was one. */
  check(): void {
    if (this.#error) throw this.#error
  }

  onFailure(listener: (error: WeirError) => void): void {
    this.#listeners.push(listener)
  }
}

/** Codecs do not know whose chunk they had: file and object are added here. */
function addPlace(error: WeirError, place: FailurePlace): WeirError {
  if (error.path !== undefined) return error
  const text = `${place.path}: ${place.object ?? 'the file'} cannot be written: ${error.message}`
  const { offset, expected, actual } = error
  const details = { ...place, offset, expected, actual, cause: error }
  switch (error.tag) {
    case 'Unsupported':
      return new Unsupported(error.code, text, details)
    case 'ProcessGone':
      return new ProcessGone(error.code, text, details)
    case 'Hdf5Error':
      return new Hdf5Error(error.code, text, details)
    case 'InvalidInput':
    case 'OutputConflict':
    case 'BasinUnresolved':
    case 'Cancelled':
    case 'Internal':
      return error
    default:
      return assertNever(error.tag)
  }
}
