import type { BasinHost } from './basin-host.ts'
import { findDefinition, noteDefinition } from './basin-record.ts'
import { composeBasinText, nameBasin, type BasinDefinitionFields } from './basin-text.ts'
import { chooseMapping, isMapping } from './choose-mapping.ts'
import type { NdArray } from './nd-array.ts'
import { storeTextLines } from './store-text-lines.ts'

/** A definition that is ready to be stored. */
export interface PlannedDefinition {
  /** Name in group `basins`: of an equal definition that is there, else MD5 of the text. */
  readonly name: string
  /** Writes what is not there yet: the mapping, then the definition. */
  store(): Promise<void>
}

/**
 * Settles a definition and its mapping and writes nothing; throws as `chooseMapping`. With a mapping the field `mapping` names it, at
 * its place or at the end; without one the fields stay as they are.
 */
export function planDefinition(
  writer: BasinHost,
  given: BasinDefinitionFields,
  mapping: NdArray | null,
): PlannedDefinition {
  const chosen = mapping && chooseMapping(writer, mapping)
  const fields = chosen ? { ...given, mapping: chosen.feature } : given
  const text = composeBasinText(fields)
  const basins = writer.h5.root.child('basins')
  const isSameMapping = (there: string): boolean =>
    mapping ? isMapping(writer.events, there, mapping) : there === 'same'
  const equal = basins?.kind === 'group' ? findDefinition(basins, fields, isSameMapping) : undefined
  if (equal !== undefined) return { name: equal, store: () => Promise.resolve() }
  const name = nameBasin(text)
  const store = async (): Promise<void> => {
    if (mapping && chosen?.isNew) await writer.storeFeatureChunk(chosen.feature, mapping)
    const group = writer.h5.root.requireGroup('basins')
    if (group.child(name) !== undefined) return
    const lines = text.split('\n')
    noteDefinition(await storeTextLines(group, name, { lines, dsKwds: writer.dsKwds }), fields)
  }
  return { name, store }
}
