import { InvalidInput } from '../errors.ts'
import type { BasinHost } from './basin-host.ts'
import type { NdArray } from './nd-array.ts'
import { planDefinition } from './store-definition.ts'

/**
 * Stores a basin's definition as another file has it: every field in its order, those that Weir does not know too (`urls`,
 * `perishable`, `key`), only `mapping` changed. Returns its name in group `basins`; a definition that says the same, in whatever order and
 * under whatever name, stays and is not doubled.
 *
 * `mapping`: 1-D integers, 0-based rows of the basin, one for each event; an equal one in `basinmap0` to `basinmap9` is used again.
 * `null`: the basin has the rows of this file (`mapping` absent, null or `same`).
 * Throws InvalidInput, before anything is written: E_USAGE if the definition names a mapping and none is given, E_BASIN if no
 * further mapping is possible. No counterpart in dcnum, which re-creates basins of files only.
 */
export async function carryBasin(
  writer: BasinHost,
  fields: Readonly<Record<string, unknown>>,
  mapping: NdArray | null,
): Promise<string> {
  const named = fields['mapping'] ?? 'same'
  if (mapping === null && named !== 'same') {
    const message = `the basin ${JSON.stringify(fields['name'] ?? null)} has the mapping ${JSON.stringify(named)}, whose rows were not given`
    throw new InvalidInput('E_USAGE', message, { path: writer.h5.path, object: '/basins' })
  }
  const planned = planDefinition(writer, fields, mapping)
  await planned.store()
  return planned.name
}
