import { InvalidInput, throwIfCancelled } from '../errors.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import type { FileWriter } from '../hdf5/writing/file-writer.ts'
import { listInternalFeatures, readBasins, type BasinDefinition } from '../read/basins.ts'
import { makeWarning } from '../read/make-warning.ts'
import { readLines } from '../read/read-lines.ts'
import type { BasinDefinitionFields } from './basin-text.ts'
import { CopiedObjects } from './copied-objects.ts'
import { requireFreeMappings } from './choose-mapping.ts'
import { copyDataset } from './copy-dataset.ts'
import type { CopyOptions } from './copy-options.ts'
import { HDF5Writer } from './hdf5-writer.ts'
import { isSameAsStored } from './is-same-as-stored.ts'
import type { NdArray } from './nd-array.ts'
import { readMapping } from './read-mapping.ts'
import { recreateFields } from './recreate-fields.ts'
import { planDefinition } from './store-definition.ts'
import { requireFiles } from './source-and-output.ts'

/** `pool` left out: the output's. */
export interface CopyBasinsOptions extends Partial<CopyOptions> {
  /** Internal basins with their data too; default true. */
  readonly internalBasins?: boolean | undefined
}

/**
 * Re-creates every basin of a file in another one with the same events: definitions, mappings (an equal one of the output is used
 * again, else the next free `basinmapN` is taken) and, unless `internalBasins` is false, internal basins with their data in
 * `basin_events`.
 *
 * Definitions with the fields of dcnum are stored as `storeBasin` stores them, under the same names; those with others (remote ones, `perishable`)
 * with all their fields, see `carryBasin`. One that the output has already is not doubled; internal data that are there and equal stay.
 *
 * Reported as W_BASIN and left out: entries of `basins` that are no definitions, and definitions whose mapping is missing or no
 * 1-D integers. Reported as W_BASIN too: features of an internal basin without data; the definition is stored all the same.
 * Throws InvalidInput before anything is written: E_EXISTS for internal data where the output has other ones, E_BASIN if the mappings are more
 * than are free. Memory: the mappings, and slabs of about 8 MiB.
 *
 * dcnum: `copy_basins`. Differs: that drops remote basins with a warning, and fails on basins with the mapping `same`.
 */
export async function copyBasins(
  src: FileReader,
  dst: FileWriter,
  options: CopyBasinsOptions = {},
): Promise<void> {
  requireFiles(src, dst, options)
  const copying: CopyOptions = { pool: dst.pool, copied: new CopiedObjects(), ...options }
  const writer = await HDF5Writer.open(dst, { dsKwds: options.dsKwds })
  const definitions = await readDefinitions(src, copying)
  const chosen = definitions.filter(({ type }) => type !== 'internal' || (options.internalBasins ?? true))
  const basins = await addMappings(src, chosen, copying)
  requireFreeMappings(
    writer,
    basins.flatMap(({ mapping }) => mapping ?? []),
  )
  const internal = await listInternalData(src, basins, copying)
  const missing = await leaveOutExisting({ src, dst }, internal, copying)
  for (const dataset of missing) await copyInternal({ src, dst }, dataset, copying)
  for (const { fields, mapping } of basins) {
    throwIfCancelled(options.signal)
    await planDefinition(writer, fields, mapping).store()
  }
}

/** Definitions in the order of their names, as dcnum goes through them: it decides the numbers of the mappings. */
async function readDefinitions(
  src: FileReader,
  { pool, fallback, reportWarning }: CopyOptions,
): Promise<readonly BasinDefinition[]> {
  const group = await src.find('/basins')
  const { definitions, warnings } = await readBasins(
    src,
    group?.kind === 'group' ? group : undefined,
    async (dataset) => readLines(src.path, await DatasetReader.open(src, dataset, { pool, fallback })),
  )
  for (const warning of warnings) reportWarning?.(warning)
  return definitions
}

/** A definition that can be stored. */
interface ReadyBasin {
  readonly definition: BasinDefinition
  readonly fields: BasinDefinitionFields
  readonly mapping: NdArray | null
}

async function addMappings(
  src: FileReader,
  definitions: readonly BasinDefinition[],
  options: CopyOptions,
): Promise<ReadyBasin[]> {
  const mappings = new Map<string, NdArray | string>()
  const ready: ReadyBasin[] = []
  for (const definition of definitions) {
    const name = definition.mapping
    const mapping = name === 'same' ? null : (mappings.get(name) ?? (await readMapping(src, name, options)))
    if (mapping !== null) mappings.set(name, mapping)
    const problem = typeof mapping === 'string' ? mapping : findProblem(definition)
    if (problem !== undefined) reportBasin(src, definition, `is left out: ${problem}`, options)
    else if (typeof mapping !== 'string') {
      ready.push({ definition, fields: recreateFields(definition), mapping })
    }
  }
  return ready
}

/** Why a definition cannot be re-created, whatever its mapping is. */
function findProblem({ type, paths }: BasinDefinition): string | undefined {
  // Spec: data of internal basins lie in one place.
  if (type !== 'internal' || (paths.length === 1 && paths[0] === 'basin_events')) return undefined
  return `its data should lie in basin_events, but are said to lie in ${JSON.stringify(paths)}`
}

interface InternalDataset {
  readonly feat: string
  readonly dataset: StoredDataset
}

/** Data of internal basins, each once; what is missing is reported. */
async function listInternalData(
  src: FileReader,
  basins: readonly ReadyBasin[],
  options: CopyOptions,
): Promise<InternalDataset[]> {
  const internal = basins.map(({ definition }) => definition).filter(({ type }) => type === 'internal')
  const found: InternalDataset[] = []
  for (const feat of await listFeatures(src, internal)) {
    const object = `/basin_events/${feat}`
    const dataset = await src.find(object)
    if (dataset?.kind === 'dataset') found.push({ feat, dataset })
    else {
      const what = dataset ? `${object} is no dataset` : `${object} is missing`
      for (const one of internal)
        if (one.features?.includes(feat)) reportBasin(src, one, `is stored without data: ${what}`, options)
    }
  }
  return found
}

/** Spec: without a list of features a basin provides all that it has. */
async function listFeatures(src: FileReader, internal: readonly BasinDefinition[]): Promise<string[]> {
  const named = listInternalFeatures(internal)
  if (internal.every(({ features }) => features !== null)) return named
  const group = await src.find('/basin_events')
  const all = group?.kind === 'group' ? group.links.map(({ name }) => name) : []
  return [...new Set([...named, ...all])].sort()
}

interface Files {
  readonly src: FileReader
  readonly dst: FileWriter
}

/** What is not in the output yet; throws E_EXISTS for other data of the same name. */
async function leaveOutExisting(
  { src, dst }: Files,
  internal: readonly InternalDataset[],
  options: CopyOptions,
): Promise<InternalDataset[]> {
  const missing: InternalDataset[] = []
  for (const one of internal) {
    const existing = dst.find(`/basin_events/${one.feat}`)
    if (existing === undefined) missing.push(one)
    else if (existing.kind === 'group' || !(await isSameAsStored(src, one.dataset, existing, options))) {
      const object = `/basin_events/${one.feat}`
      const message = `${dst.path} has ${object} already, with other values than ${src.path}; copy without internal basins or write to a new file`
      throw new InvalidInput('E_EXISTS', message, { path: dst.path, object })
    }
  }
  return missing
}

async function copyInternal(
  { src, dst }: Files,
  { feat, dataset }: InternalDataset,
  options: CopyOptions,
): Promise<void> {
  const group = dst.root.requireGroup('basin_events')
  await copyDataset(src, dataset, { group, name: feat }, { ...options, storage: 'growing' })
}

function reportBasin(src: FileReader, { key }: BasinDefinition, what: string, options: CopyOptions): void {
  options.reportWarning?.(makeWarning(src.path, `/basins/${key}`, { code: 'W_BASIN', what }))
}
