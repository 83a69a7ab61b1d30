import { Hdf5Error, Unsupported } from '../../errors.ts'
import type { ErrorDetails } from '../../errors.ts'

/** Where in which file something was read: the file, the object inside it, and what every stored address counts from. */
export interface Place {
  readonly path: string
  /** Path inside the file, as `/events/image`. */
  readonly object: string
}

type Details = Pick<ErrorDetails, 'offset' | 'expected' | 'actual' | 'cause'>

/** Names shown to people: control and direction marks escaped, at most 200 characters. */
export function showName(name: string): string {
  const escaped = name.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escapeCharacter)
  return escaped.length > 200 ? `${escaped.slice(0, 197)}...` : escaped
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

/** The sentence that every error of the reader is: file, object, what, where. */
export function describeAt(place: Place, what: string, offset: number | undefined): string {
  const where = offset === undefined ? '' : ` (byte ${offset})`
  return `${place.path}: ${showName(place.object)}: ${what}${where}`
}

/** The structure of the file is not what the format asks for: E_META unless another code is given. */
export function makeDamage(place: Place, what: string, details: Details = {}, code = 'E_META'): Hdf5Error {
  const hint =
    code === 'E_META' || code === 'E_CYCLE' ? '; the file is damaged: copy it again or use a backup' : ''
  const message = describeAt(place, what, details.offset) + hint
  return new Hdf5Error(code, message, { ...details, path: place.path, object: place.object })
}

/** Valid, but not within what Weir reads. */
export function makeUnsupported(
  place: Place,
  what: string,
  details: Details & { readonly code?: string } = {},
): Unsupported {
  const message = describeAt(place, what, details.offset)
  return new Unsupported(details.code ?? 'E_TYPE', message, {
    offset: details.offset,
    expected: details.expected,
    actual: details.actual,
    path: place.path,
    object: place.object,
  })
}
