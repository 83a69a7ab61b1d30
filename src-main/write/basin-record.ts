import type { DatasetWriter, GroupWriter } from '../hdf5/writing/file-writer.ts'
import type { BasinDefinitionFields } from './basin-text.ts'
import { composeBasinText } from './basin-text.ts'

interface BasinRecord {
  /** All fields but `key` and `mapping`, whatever their order. */
  readonly content: string
  /** `same`, or the feature that holds the mapping. */
  readonly mapping: string
}

/** Definitions in files that are being written, because their text cannot be read back before the end. */
const records = new WeakMap<DatasetWriter, BasinRecord>()

/** To be called when a definition was stored, so that an equal one is not stored again. */
export function noteDefinition(dataset: DatasetWriter, fields: BasinDefinitionFields): void {
  const { mapping } = fields
  records.set(dataset, {
    content: digestContent(fields),
    mapping: typeof mapping === 'string' ? mapping : 'same',
  })
}

/**
 * Name of the definition in the group `basins` that says the same. Names are no help: dclab and dcnum hash different texts, and
 * some carry theirs in a field `key`.
 */
export function findDefinition(
  basins: GroupWriter,
  fields: BasinDefinitionFields,
  isSameMapping: (mapping: string) => boolean,
): string | undefined {
  const content = digestContent(fields)
  return basins.childNames().find((name) => {
    const dataset = basins.child(name)
    const record = dataset?.kind === 'dataset' ? records.get(dataset) : undefined
    return record?.content === content && isSameMapping(record.mapping)
  })
}

function digestContent(fields: BasinDefinitionFields): string {
  const told = Object.entries(fields).filter(([name]) => name !== 'key' && name !== 'mapping')
  return composeBasinText(sortKeys(Object.fromEntries(told)) as BasinDefinitionFields)
}

/** The order of keys says nothing, that of lists does. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, entry]) => [name, sortKeys(entry)]))
}
