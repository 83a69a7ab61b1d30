import { createHash } from 'node:crypto'

/** A basin's definition, keys in the order in which they are written. */
export type BasinDefinitionFields = Readonly<Record<string, unknown>>

/**
 * JSON exactly as Python's `json.dumps(fields, indent=2)` gives it, because a basin's name is the hash of this text.
 *
 * dcnum: `HDF5Writer.store_basin`. ASCII only; everything else is escaped as `\uXXXX`, DEL too.
 */
export function composeBasinText(fields: BasinDefinitionFields): string {
  return JSON.stringify(fields, null, 2).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Name of the dataset in group `basins`: MD5 of the text, hexadecimal. */
export function nameBasin(text: string): string {
  return createHash('md5').update(text, 'utf-8').digest('hex')
}
