import { toWeirError } from '../errors.ts'
import type { Warning } from '../errors.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset, StoredGroup } from '../hdf5/reading/stored-object.ts'
import { readChildren } from './children.ts'
import { isBasinmap } from './feature-names.ts'
import { makeWarning } from './make-warning.ts'
import { parseJson } from './parse-json.ts'

/** A basin as a file defines it: another file, a group of this file, or a remote place that provides features. */
export interface BasinDefinition {
  /** Name of the dataset in `basins`; an MD5, but dclab and dcnum compute it differently: compare definitions by content. */
  readonly key: string
  /** `internal`, `file`, `remote`; others are kept as they are. */
  readonly type: string
  /** `h5dataset` (internal), `hdf5`, `http`, `s3`, `dcor`; others are kept as they are. */
  readonly format: string
  readonly name: string | null
  readonly description: string | null
  /** Of `file`: paths in order of preference; of `internal`: `["basin_events"]`. */
  readonly paths: readonly string[]
  readonly urls: readonly string[]
  /** Features that it may provide; null: all that it has. */
  readonly features: readonly string[] | null
  /** `same` (row for row) or the name of the mapping feature, `basinmap0` ... `basinmap9`. */
  readonly mapping: string
  /** Identifier of the measurement it must be. */
  readonly identifier: string | null
  readonly perishable: boolean
  /** Every field as stored, also those that Weir does not know; numbers that JavaScript would change are `JsonNumber`. */
  readonly fields: Readonly<Record<string, unknown>>
  /** The lines as stored. */
  readonly lines: readonly string[]
}

/** An entry of `basins` that cannot be understood. */
export interface InvalidBasin {
  readonly key: string
  /** Path of the dataset in the file. */
  readonly path: string
  readonly reason: string
}

export interface Basins {
  readonly definitions: readonly BasinDefinition[]
  readonly invalid: readonly InvalidBasin[]
  readonly warnings: readonly Warning[]
}

/** Reads the lines of one dataset of text. */
export type LineReader = (dataset: StoredDataset) => Promise<string[]>

/**
 * Reads all definitions in the group `basins` (undefined: none), in the order of their keys. Does not throw for what a file may hold:
 * what cannot be understood is in `invalid`, with a warning W_BASIN each.
 */
export async function readBasins(
  file: FileReader,
  group: StoredGroup | undefined,
  readLinesOf: LineReader,
): Promise<Basins> {
  if (group === undefined) return { definitions: [], invalid: [], warnings: [] }
  const children = await readChildren(file, group)
  const definitions: BasinDefinition[] = []
  const invalid: InvalidBasin[] = [
    ...children.leftOut.map(({ path, warning }) => ({ key: keyOf(path), path, reason: warning.message })),
    ...children.damaged.map(({ path, error }) => ({ key: keyOf(path), path, reason: error.message })),
  ]
  for (const { name, object } of children.objects) {
    const result = object.kind === 'group' ? 'is a group' : await readDefinition(name, object, readLinesOf)
    if (typeof result === 'string') invalid.push({ key: name, path: object.path, reason: result })
    else definitions.push(result)
  }
  const warnings = invalid.map(({ path, reason }): Warning => {
    return makeWarning(file.path, path, {
      code: 'W_BASIN',
      what: `is no basin definition that can be understood: ${reason}`,
    })
  })
  return { definitions, invalid, warnings }
}

function keyOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

async function readDefinition(
  key: string,
  dataset: StoredDataset,
  readLinesOf: LineReader,
): Promise<BasinDefinition | string> {
  try {
    return parseBasin(key, await readLinesOf(dataset))
  } catch (thrown) {
    const error = toWeirError(thrown)
    if (error.tag === 'Internal' || error.tag === 'Cancelled') throw thrown
    return error.message
  }
}

/** The definition that the lines of a basin dataset spell, or the reason why they are none. */
export function parseBasin(key: string, lines: readonly string[]): BasinDefinition | string {
  const fields = parseObject(lines)
  if (fields === undefined) return 'it is no JSON object'
  const { type, format, mapping } = fields
  if (typeof type !== 'string') return "'type' is missing"
  if (typeof format !== 'string') return "'format' is missing"
  const paths = asTexts(fields['paths'])
  const urls = asTexts(fields['urls'])
  const features = asTexts(fields['features'])
  if (paths === undefined || urls === undefined || features === undefined) {
    return "'paths', 'urls' and 'features' should be lists of texts"
  }
  // Spec: absent in old files, null or absent as dcnum writes unmapped ones.
  if (mapping !== undefined && mapping !== null && typeof mapping !== 'string')
    return "'mapping' should be a text"
  return {
    key,
    type,
    format,
    name: asTextOrNull(fields['name']),
    description: asTextOrNull(fields['description']),
    paths: paths ?? [],
    urls: urls ?? [],
    features,
    mapping: mapping ?? 'same',
    identifier: asTextOrNull(fields['identifier']),
    perishable: fields['perishable'] === true,
    fields,
    lines,
  }
}

/** dclab joins the lines with a space, dcnum with a line break; only a text broken inside a string tells them apart. */
function parseObject(lines: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  for (const separator of ['\n', ' ', '']) {
    const value = tryParse(lines.join(separator))
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  }
  return undefined
}

function tryParse(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    // Not JSON when joined this way: the caller tries the next or reports it.
    return undefined
  }
}

/** A list of texts; null if absent; undefined if it is something else. */
function asTexts(value: unknown): readonly string[] | null | undefined {
  if (value === undefined || value === null) return null
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined
}

function asTextOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** Names of the mapping features that these basins use, sorted. */
export function listUsedBasinmaps(basins: readonly BasinDefinition[]): string[] {
  return [...new Set(basins.map((basin) => basin.mapping).filter(isBasinmap))].sort()
}

/** Features of `basin_events` that internal basins provide, sorted. */
export function listInternalFeatures(basins: readonly BasinDefinition[]): string[] {
  const internal = basins.filter((basin) => basin.type === 'internal')
  return [...new Set(internal.flatMap((basin) => basin.features ?? []))].sort()
}
