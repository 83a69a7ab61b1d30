import { createHash } from 'node:crypto'

import { InvalidInput } from '../errors.ts'
import { JsonNumber } from '../read/json-number.ts'

/** A basin's definition, keys in the order in which they are written. */
export type BasinDefinitionFields = Readonly<Record<string, unknown>>

/**
 * JSON exactly as Python's `json.dumps(fields, indent=2)` gives it, because a basin's name is the hash of this text.
 *
 * dcnum: `HDF5Writer.store_basin`. ASCII only; everything else is escaped as `\uXXXX`, DEL too. Fields that are undefined are left out.
 * Throws InvalidInput (E_USAGE) for what JSON cannot hold.
 */
export function composeBasinText(fields: BasinDefinitionFields): string {
  return composeValue(fields, '\n')
}

/** Name of the dataset in group `basins`: MD5 of the text, hexadecimal. */
export function nameBasin(text: string): string {
  return createHash('md5').update(text, 'utf-8').digest('hex')
}

/** `lineStart`: a line break and the indentation of the line on which the value begins. */
function composeValue(value: unknown, lineStart: string): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return composeText(value)
  if (typeof value === 'number' && Number.isFinite(value)) return composeNumber(value)
  if (value instanceof JsonNumber) return value.text
  if (typeof value !== 'object') {
    const what = typeof value === 'number' ? String(value) : `a value of type ${typeof value}`
    throw new InvalidInput('E_USAGE', `a definition of a basin cannot hold ${what}`)
  }
  const inner = `${lineStart}  `
  if (Array.isArray(value)) {
    const lines = value.map((one) => composeValue(one, inner))
    return enclose(lines, '[]', lineStart)
  }
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  const lines = entries.map(([name, entry]) => `${composeText(name)}: ${composeValue(entry, inner)}`)
  return enclose(lines, '{}', lineStart)
}

function enclose(lines: readonly string[], brackets: '[]' | '{}', lineStart: string): string {
  if (lines.length === 0) return brackets
  return `${brackets[0]}${lineStart}  ${lines.join(`,${lineStart}  `)}${lineStart}${brackets[1]}`
}

function composeText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Python gives exponents two digits and begins with them below 0.0001; JavaScript below 0.000001. */
function composeNumber(value: number): string {
  const isSmall = value !== 0 && Math.abs(value) < 1e-4
  return (isSmall ? value.toExponential() : String(value)).replace(/e-(\d)$/, 'e-0$1')
}
