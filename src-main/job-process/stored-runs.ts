import type { ChunkRecord } from '../hdf5/model.ts'
import { explainChunkError } from '../hdf5/reading/explain-chunk-error.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { DatasetWriter, StoredRun } from '../hdf5/writing/file-writer.ts'
import { isOddChunk } from '../write/copy-chunks.ts'
import type { FeatureWay } from './feature-ways.ts'
import type { RowFeature } from './rewrite-plan.ts'

/** A longer run saves nothing more. */
const RUN_BYTES = 4 * 2 ** 20

interface PlacedChunk {
  readonly feature: RowFeature
  readonly record: ChunkRecord
}

/** Chunks that lie one behind the other in a source, without anything between them. */
export interface PlannedRun {
  readonly file: FileReader
  readonly address: number
  byteCount: number
  readonly chunks: PlacedChunk[]
}

/**
 * The chunks of all features that go over as they are, in the order in which they lie in their files, in runs of about 4 MiB: so the
 * copy reads and writes as `cp` does, whatever the size of a chunk.
 */
export function planRuns(
  features: readonly RowFeature[],
  ways: ReadonlyMap<string, FeatureWay>,
): PlannedRun[] {
  const byFile = new Map<FileReader, PlacedChunk[]>()
  for (const feature of features) {
    const way = ways.get(feature.name)
    if (way?.kind !== 'as-stored') continue
    const chunks = byFile.get(feature.source.file) ?? []
    byFile.set(feature.source.file, chunks)
    for (const record of way.records) chunks.push({ feature, record })
  }
  return [...byFile].flatMap(([file, chunks]) => cutRuns(file, chunks))
}

function cutRuns(file: FileReader, chunks: PlacedChunk[]): PlannedRun[] {
  const runs: PlannedRun[] = []
  for (const chunk of chunks.sort((a, b) => a.record.address - b.record.address)) {
    const { address, storedBytes } = chunk.record
    const last = runs.at(-1)
    const continues =
      last && address === last.address + last.byteCount && last.byteCount + storedBytes <= RUN_BYTES
    if (continues) {
      last.byteCount += storedBytes
      last.chunks.push(chunk)
    } else {
      runs.push({ file, address, byteCount: storedBytes, chunks: [chunk] })
    }
  }
  return runs
}

/** Throws E_META for a run that does not lie in the file, and what the disk throws. */
export async function readRun(
  { file, address, byteCount, chunks }: PlannedRun,
  datasets: ReadonlyMap<string, DatasetWriter>,
): Promise<StoredRun> {
  const bytes = await file.readChunk({ address, storedBytes: byteCount }, byteCount)
  return {
    bytes,
    chunks: chunks.map(({ feature: { name, dataset }, record }) => ({
      dataset: datasets.get(name)!,
      gridIndex: record.gridIndex,
      offset: record.address - address,
      storedBytes: record.storedBytes,
      filterMask: record.filterMask,
      isOdd: isOddChunk(
        file,
        bytes.subarray(record.address - address, record.address - address + record.storedBytes),
        {
          dataset,
          record,
        },
      ),
      explain: (error) => explainChunkError(error, { path: file.path, dataset, record }),
    })),
  }
}
