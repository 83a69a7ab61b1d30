import { Hdf5Error, Internal, throwIfCancelled } from '../errors.ts'
import type { ReadableFile } from '../hdf5/disk/disk-port.ts'
import { chunkBuffers } from '../hdf5/filters/chunk-buffers.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { WrittenChunk, WrittenDataset, WrittenFile } from '../hdf5/writing/written-file.ts'

export interface ChunkComparison {
  readonly written: WrittenFile
  readonly pool: FilterPool
  readonly signal: AbortSignal
  /** Told after each read with its bytes. */
  onBytes(byteCount: number): void
}

/** Chunks that lie one behind the other are read together up to this. */
const RUN_BYTES = 2 * 2 ** 20
/** Bytes on their way through the pool at one time. */
const IN_FLIGHT_BYTES = 8 * 2 ** 20

/**
 * Reads the stored bytes of all chunks, in the order in which they lie in the file, and compares their checksums in the threads. Throws
 * Hdf5Error (E_CHUNK) for the first that differs, and what the disk throws.
 */
export async function compareChunks(file: ReadableFile, comparison: ChunkComparison): Promise<void> {
  const { signal } = comparison
  const running = new Set<Promise<void>>()
  let bytes = 0
  let failure: { readonly error: unknown } | undefined
  for (const run of planRuns(comparison.written)) {
    if (failure !== undefined || signal.aborted) break
    const task = compareRun(file, run, comparison)
      .catch((error: unknown) => {
        failure ??= { error }
      })
      .finally(() => {
        running.delete(task)
        bytes -= run.byteCount
      })
    running.add(task)
    bytes += run.byteCount
    while (bytes > IN_FLIGHT_BYTES && running.size > 0) await Promise.race(running)
  }
  await Promise.all(running)
  if (failure !== undefined) throw failure.error
  throwIfCancelled(signal)
}

interface PlacedChunk {
  readonly dataset: WrittenDataset
  readonly chunk: WrittenChunk
}

/** Chunks without anything between them. */
interface ChunkRun {
  readonly address: number
  byteCount: number
  readonly chunks: PlacedChunk[]
}

function planRuns({ datasets }: WrittenFile): ChunkRun[] {
  const chunks = datasets.flatMap((dataset) =>
    dataset.chunks.map((chunk): PlacedChunk => ({ dataset, chunk })),
  )
  const runs: ChunkRun[] = []
  for (const placed of chunks.sort((a, b) => a.chunk.address - b.chunk.address)) {
    const { address, storedBytes } = placed.chunk
    const last = runs.at(-1)
    const continues = last && address === last.address + last.byteCount
    if (continues && last.byteCount + storedBytes <= RUN_BYTES) {
      last.byteCount += storedBytes
      last.chunks.push(placed)
    } else {
      runs.push({ address, byteCount: storedBytes, chunks: [placed] })
    }
  }
  return runs
}

async function compareRun(
  file: ReadableFile,
  { address, byteCount, chunks }: ChunkRun,
  comparison: ChunkComparison,
): Promise<void> {
  const bytes = chunkBuffers.take(byteCount)
  await file.readExactly(bytes, address)
  const lengths = chunks.map(({ chunk }) => chunk.storedBytes)
  const changed = await comparison.pool.compare(bytes, { lengths, checksums: chunks.map(requireChecksum) })
  if (changed !== undefined) throw describeChanged(file, chunks[changed]!)
  comparison.onBytes(byteCount)
}

function requireChecksum({ dataset, chunk }: PlacedChunk): number {
  if (chunk.checksum !== null) return chunk.checksum
  throw new Internal(`a chunk of ${dataset.path} was written without a checksum`, { object: dataset.path })
}

function describeChanged({ path }: ReadableFile, { dataset, chunk }: PlacedChunk): Hdf5Error {
  const { gridIndex, address: offset } = chunk
  const message = `${path}: chunk ${gridIndex} of ${dataset.path}, at byte ${offset}, is not on the disk as it was written`
  return new Hdf5Error('E_CHUNK', message, { path, object: dataset.path, offset })
}
