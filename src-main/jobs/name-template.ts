import { basename, extname } from 'node:path'

import { InvalidInput } from '../errors.ts'
import { NAME_TOKENS, type NameToken } from './name-tokens.ts'
import { replaceUnsafe } from './safe-text.ts'

export interface NameTemplate {
  readonly parts: readonly (string | { readonly token: NameToken })[]
}

/** What the tokens stand for; an empty or absent value becomes `unknown`. */
export type NameValues = Readonly<Record<NameToken, string | null>>

const EXTENSION = '.rtdc'
const UNKNOWN = 'unknown'

/** Names that Windows keeps for devices, whatever extension follows. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)$/i

/** Splits `{date}_{stem}` into text and tokens. Throws E_USAGE for a token that does not exist. */
export function parseNameTemplate(text: string): NameTemplate {
  const pieces = text.split(/(\{[^{}]*\})/).filter((piece) => piece !== '')
  return { parts: pieces.map((piece) => parsePiece(piece)) }
}

function parsePiece(piece: string): string | { readonly token: NameToken } {
  const isToken = piece.startsWith('{') && piece.endsWith('}')
  const token = isToken ? NAME_TOKENS.find((candidate) => `{${candidate}}` === piece) : undefined
  if (token !== undefined) return { token }
  if (!/[{}]/.test(piece)) return piece
  const known = NAME_TOKENS.map((candidate) => `{${candidate}}`).join(' ')
  throw new InvalidInput('E_USAGE', `${piece} is no token of a name; there are ${known}`)
}

/** Must the input be opened to fill in the template? */
export function needsMeasurement({ parts }: NameTemplate): boolean {
  return parts.some(
    (part) => typeof part !== 'string' && ['date', 'run', 'sample', 'id7'].includes(part.token),
  )
}

/** The tokens of a template for which there is no value: `unknown` stands in their place. */
export function listUnknownTokens({ parts }: NameTemplate, values: NameValues): readonly NameToken[] {
  const tokens = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.token]))
  return [...new Set(tokens)].filter((token) => readValue(values[token]) === UNKNOWN)
}

/** Name of an input without folder and last extension. */
export function stemOf(path: string): string {
  const name = basename(path)
  return basename(name, extname(name))
}

/**
 * A file name without any path in it: `/ \ : * ? " < > |`, control characters and marks of direction become `_`, a name that
 * Windows keeps for a device gets one at its end, and `.rtdc` is appended if missing.
 */
export function buildOutputName({ parts }: NameTemplate, values: NameValues): string {
  const text = parts.map((part) => (typeof part === 'string' ? part : readValue(values[part.token]))).join('')
  const name = replaceUnsafe(text).replace(/[/\\:*?"<>|]/g, '_')
  const hasExtension = name.toLowerCase().endsWith(EXTENSION)
  const stem = hasExtension ? name.slice(0, -EXTENSION.length) : name
  const extension = hasExtension ? name.slice(-EXTENSION.length) : EXTENSION
  return avoidReservedName(stem) + extension
}

function readValue(value: string | null): string {
  return value === null || value.trim() === '' ? UNKNOWN : value
}

function avoidReservedName(stem: string): string {
  // Nothing, `.` and `..`: a name all the same, but none that people or systems can handle.
  if (/^[. ]*$/.test(stem)) return UNKNOWN
  const [device = '', ...rest] = stem.split('.')
  return RESERVED.test(device.trim()) ? [`${device}_`, ...rest].join('.') : stem
}
