/**
 * Reads with Weir's layer alone what make.py wrote, and holds tables of chunks, values and attributes against what h5py said.
 * Arguments: the folder, and a file for the answer: one JSON object with the faults of each file and the kinds of storage that were met.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WeirError } from '../../../src-main/errors.ts'
import type { DiskPort } from '../../../src-main/hdf5/disk/disk-port.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { createFilterPool } from '../../../src-main/hdf5/filters/worker-filter-pool.ts'
import { shapeOf } from '../../../src-main/hdf5/model.ts'
import type { ChunkRecord } from '../../../src-main/hdf5/model.ts'
import { readChunkTable } from '../../../src-main/hdf5/reading/chunk-table.ts'
import type { ChunkTable } from '../../../src-main/hdf5/reading/chunk-table.ts'
import { DatasetReader } from '../../../src-main/hdf5/reading/dataset-reader.ts'
import type { RowFallback } from '../../../src-main/hdf5/reading/dataset-reader.ts'
import { FileReader } from '../../../src-main/hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../../../src-main/hdf5/reading/stored-object.ts'
import { H5wasmFallback } from '../../../src-main/read/h5wasm-fallback.ts'

/** Of one chunk: first element, address, stored bytes, filter mask. */
type ToldChunk = readonly [readonly number[], number, number, number]

/** What make.py wrote down of one path; no more than the first two where Weir must not read anything. */
interface Told {
  readonly isUnreadable?: boolean
  /** The error instead of values; without it there is no such object in the file. */
  readonly refused?: string
  readonly shape: readonly number[]
  readonly sha256: string
  readonly chunks: readonly ToldChunk[]
  readonly attributes: Readonly<Record<string, string>>
  /** What happened to a dataset of the product. */
  readonly state?: string
  /** Chunks that reach beyond the shape have no filters. */
  readonly isBare?: boolean
  /** A filter that the layer does not know. */
  readonly foreignFilter?: string
}

/** How often storage was met, as "fixed-array, gzip" or "fixed-array, masked". */
type Coverage = Record<string, number>

const FILTER_NAMES: Readonly<Record<number, string>> = {
  1: 'gzip',
  2: 'shuffle',
  3: 'fletcher32',
  32015: 'zstd',
}
const pool = createFilterPool()
/** The small files are read as a whole: a hundred thousand chunks of some bytes would take longer one by one. */
const disk: DiskPort = {
  ...nodeDisk,
  async openForRead(path) {
    const bytes = await readFile(path)
    return {
      path,
      size: () => Promise.resolve(bytes.length),
      facts: () => Promise.reject(new Error('nobody asks for the facts of a file that is read')),
      readExactly: async (into, position) => into.set(bytes.subarray(position, position + into.length)),
      close: () => Promise.resolve(),
    }
  },
}

async function compareFile(path: string, coverage: Coverage): Promise<string[]> {
  const told = JSON.parse(await readFile(path.replace(/\.h5$/, '.json'), 'utf8')) as Record<string, Told>
  const file = await FileReader.open(disk, path)
  const fallback = new H5wasmFallback(path)
  const faults: string[] = []
  for (const [name, one] of Object.entries(told)) {
    const found = await compareObject(file, name, { told: one, fallback, coverage }).catch(describeError)
    faults.push(...found.map((fault) => `${name}: ${fault}`))
  }
  await fallback.close()
  await file.close()
  return faults
}

function describeError(thrown: unknown): string[] {
  return [thrown instanceof WeirError ? `${thrown.code}: ${thrown.message}` : String(thrown)]
}

interface Comparison {
  readonly told: Told
  readonly fallback: H5wasmFallback
  readonly coverage: Coverage
}

async function compareObject(file: FileReader, name: string, comparison: Comparison): Promise<string[]> {
  const { told, fallback, coverage } = comparison
  const dataset = await file.find(name)
  if (told.isUnreadable && !told.refused) return dataset === undefined ? [] : ['found, but not in this file']
  if (dataset?.kind !== 'dataset') return ['not found']
  if (told.refused !== undefined) return expectRefusal(file, dataset, told.refused)
  count(coverage, dataset, told)
  const faults = compareAttributes(dataset, told)
  if (String(shapeOf(dataset.dataspace)) !== String(told.shape)) {
    faults.push(`shape ${String(shapeOf(dataset.dataspace))} instead of ${String(told.shape)}`)
  }
  if (dataset.layout.kind === 'chunked') {
    faults.push(...compareChunks(dataset, await readChunkTable(file, dataset), told))
  }
  if (told.foreignFilter !== undefined) {
    faults.push(...(await expectRefusal(file, dataset, 'E_FILTER')))
    return [...faults, ...(await compareValues(file, dataset, { told, fallback }))]
  }
  return [...faults, ...(await compareValues(file, dataset, { told }))]
}

async function expectRefusal(file: FileReader, dataset: StoredDataset, code: string): Promise<string[]> {
  try {
    await DatasetReader.open(file, dataset, { pool })
  } catch (error) {
    const isRight = error instanceof WeirError && error.tag === 'Unsupported' && error.code === code
    return isRight && error.message.includes(dataset.path) ? [] : describeError(error)
  }
  return [`opened, instead of being refused with ${code}`]
}

function count(coverage: Coverage, dataset: StoredDataset, { state, chunks }: Told): void {
  const { layout, filters } = dataset
  const kind = layout.kind === 'chunked' ? layout.index.kind : layout.kind
  const pipeline = filters.map(({ id }) => FILTER_NAMES[id] ?? String(id)).join('+') || 'plain'
  const facts = [pipeline, state ?? 'single case']
  if (layout.kind === 'chunked') facts.push(`layout ${layout.index.layoutVersion}`)
  if (chunks.some(([, , , mask]) => mask !== 0)) facts.push('skipped filters')
  for (const fact of facts) {
    const key = `${kind}, ${fact}`
    coverage[key] = (coverage[key] ?? 0) + 1
  }
}

function compareAttributes({ attributes, refused }: StoredDataset, told: Told): string[] {
  const found = Object.fromEntries(attributes.map(({ name, data }) => [name, digest(data.bytes)]))
  const names = new Set([...Object.keys(found), ...Object.keys(told.attributes)])
  const wrong = [...names].filter((name) => found[name] !== told.attributes[name])
  return [
    ...wrong.map((name) => `attribute ${name} differs`),
    ...refused.map(({ name }) => `${name} refused`),
  ]
}

function compareChunks(dataset: StoredDataset, table: ChunkTable, told: Told): string[] {
  const isMisplaced = isGridMisreported(dataset)
  const expected = told.chunks.map(([start, address, storedBytes, mask]) => {
    const coordinates = start.map((element, dim) => element / table.chunkShape[dim]!)
    const isEdge = start.some((element, dim) => element + table.chunkShape[dim]! > told.shape[dim]!)
    // h5py shows no mask where HDF5 leaves all filters out by itself.
    const filterMask = told.isBare && isEdge ? 2 ** dataset.filters.length - 1 : mask
    return { coordinates, address, storedBytes, filterMask }
  })
  const found = table.records.map((record) => ({ ...record, coordinates: locate(record, table) }))
  const hidden = { place: isMisplaced, mask: isMisplaced && told.isBare === true }
  const one = new Set(expected.map((chunk) => describeChunk(chunk, hidden)))
  const other = new Set(found.map((chunk) => describeChunk(chunk, hidden)))
  return [
    ...[...one].filter((chunk) => !other.has(chunk)).map((chunk) => `missing: ${chunk}`),
    ...[...other].filter((chunk) => !one.has(chunk)).map((chunk) => `not of h5py: ${chunk}`),
    ...(told.chunks.length === table.records.length ? [] : [`${table.records.length} chunks`]),
  ]
}

/**
 * HDF5 tells wrong places for the chunks of an extensible array where the dimension without limit is not the first, and so nobody can
 * tell which of them are at the edge. The values show that they lie where Weir thinks.
 */
function isGridMisreported({ layout, dataspace }: StoredDataset): boolean {
  if (layout.kind !== 'chunked' || layout.index.kind !== 'extensible-array') return false
  return dataspace.kind === 'simple' && dataspace.maxShape[0] !== null
}

function locate({ gridIndex }: ChunkRecord, { gridShape }: ChunkTable): number[] {
  let rest = gridIndex
  const backwards = gridShape.toReversed().map((length) => {
    const coordinate = rest % length
    rest = Math.floor(rest / length)
    return coordinate
  })
  return backwards.toReversed()
}

interface Chunk extends Omit<ChunkRecord, 'gridIndex'> {
  readonly coordinates: readonly number[]
}

/** `hidden`: what h5py does not say rightly. */
function describeChunk(chunk: Chunk, hidden: { readonly place: boolean; readonly mask: boolean }): string {
  const place = hidden.place ? '' : `chunk ${String(chunk.coordinates)} `
  const mask = hidden.mask ? '' : `, mask ${chunk.filterMask}`
  return `${place}at ${chunk.address}, ${chunk.storedBytes} bytes${mask}`
}

async function compareValues(
  file: FileReader,
  dataset: StoredDataset,
  { told, fallback }: { readonly told: Told; readonly fallback?: RowFallback },
): Promise<string[]> {
  const reader = await DatasetReader.open(file, dataset, { pool, fallback })
  return digest((await reader.readAll()).bytes) === told.sha256 ? [] : ['other values']
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const [folder, answer] = process.argv.slice(2)
if (folder === undefined || answer === undefined)
  throw new Error('a folder and a file for the answer, please')
const faults: Record<string, string[]> = {}
const coverage: Coverage = {}
for (const name of (await readdir(folder)).filter((one) => one.endsWith('.json')).toSorted()) {
  faults[name.replace(/\.json$/, '')] = await compareFile(
    join(folder, name.replace(/\.json$/, '.h5')),
    coverage,
  )
}
await pool.close()
await writeFile(answer, JSON.stringify({ faults, coverage }))
