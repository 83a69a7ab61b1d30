import { createHash } from 'node:crypto'
import type { AttributeValue } from '../hdf5/reading/attribute-value.ts'

/** Looks up a root attribute by name; undefined if absent or unreadable. */
export type AttributeLookup = (name: string) => AttributeValue | undefined

/**
 * Identifier of a measurement: `experiment:run identifier`, else the UUID form of the MD5 of `time_date_setup identifier` if all three
 * are set, else null. Empty text counts as not set.
 *
 * dcnum: read.get_measurement_identifier. Differs: text stored with fixed length is text here (dcnum hashes Python's `b'...'` form of
 * it); dclab reads it the same way as this.
 */
export function findIdentifier(lookUp: AttributeLookup): string | null {
  const stored = asText(lookUp('experiment:run identifier'))
  if (stored !== undefined) return stored
  const parts = ['experiment:time', 'experiment:date', 'setup:identifier'].map((name) => asText(lookUp(name)))
  if (parts.includes(undefined)) return null
  const digest = createHash('md5').update(parts.join('_')).digest('hex')
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Text that is set; one-element arrays count as their element. */
function asText(value: AttributeValue | undefined): string | undefined {
  if (Array.isArray(value) && value.length === 1) return asText(value[0] as AttributeValue)
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

const HASHED_CHARACTERS = 1 << 16

/**
 * Identifier of an output that holds other events than its source (or in another order): the source's, then `_weir-` and the first 7
 * hex digits of the MD5 of the 0-based row numbers joined by `,`.
 */
export function appendSelectionToIdentifier(identifier: string, rows: Iterable<number>): string {
  const hash = createHash('md5')
  let pending = ''
  let separator = ''
  for (const row of rows) {
    pending += separator + String(row)
    separator = ','
    if (pending.length >= HASHED_CHARACTERS) {
      hash.update(pending)
      pending = ''
    }
  }
  return `${identifier}_weir-${hash.update(pending).digest('hex').slice(0, 7)}`
}
