import { LIMITS } from '../model.ts'
import type { FilterPipeline, FilterSpec } from '../model.ts'
import type { ByteCursor } from './byte-cursor.ts'
import { decodeText } from './byte-cursor.ts'

/** Spec: "Filter Pipeline Message": filters below this id carry no name in version 2. */
const FIRST_NAMED_FILTER = 256

/** Spec: "Filter Pipeline Message", version 1 and 2. @throws E_META for more than LIMITS.filters. */
export function parseFilters(cursor: ByteCursor): FilterPipeline {
  const version = cursor.expectVersion([1, 2], 'the filter pipeline')
  const count = cursor.uint8()
  if (count > LIMITS.filters) {
    throw cursor.damage(`${count} filters are too many`, { back: 1 })
  }
  cursor.skip(version === 1 ? 6 : 0)
  return Array.from({ length: count }, () => parseFilter(cursor, version))
}

function parseFilter(cursor: ByteCursor, version: number): FilterSpec {
  const id = cursor.uint16()
  const nameBytes = version === 1 || id >= FIRST_NAMED_FILTER ? cursor.uint16() : 0
  const flags = cursor.uint16()
  const valueCount = cursor.uint16()
  if (version === 1 && nameBytes % 8 !== 0) {
    throw cursor.damage(`the name of filter ${id} is not padded (${nameBytes} bytes)`)
  }
  const rawName = cursor.run(nameBytes)
  if (nameBytes > 0 && !rawName.includes(0)) {
    throw cursor.damage(`the name of filter ${id} does not end`)
  }
  const name = decodeText(rawName).replace(/\0.*$/s, '')
  const values = Array.from({ length: valueCount }, () => cursor.uint32())
  cursor.skip(version === 1 && valueCount % 2 === 1 ? 4 : 0)
  return { id, flags, values, ...(name !== '' && { name }) }
}
