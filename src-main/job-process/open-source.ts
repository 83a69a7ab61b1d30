import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { RecordJob } from '../jobs/job-schema.ts'
import type { FileWatch } from '../read/file-watch.ts'
import { Measurement } from '../read/measurement.ts'
import { explainHole } from './refuse-holes.ts'
import type { RecordSource } from './record-source.ts'
import { ReplaySource, type ReplayOptions } from './replay-source.ts'
import { SimulatedInstrument } from './simulated-instrument.ts'
import { SimulatedSource } from './simulated-source.ts'

/** A source, and what comes with it where it is a measurement. */
export type OpenSource = RecordSource &
  Partial<Pick<ReplaySource, 'warnings' | 'measurement' | 'isCut' | 'linked' | 'holes'>>

/** The source that a job names; its frames and events are counted. A file that is being written is read until it fits together. */
export async function openSource(
  job: RecordJob,
  {
    disk,
    pool,
    watch,
  }: { readonly disk: DiskPort; readonly pool: FilterPool; readonly watch: FileWatch | null },
): Promise<OpenSource> {
  const { source, seed } = job
  if (source.kind === 'simulate') {
    return new SimulatedSource(new SimulatedInstrument({ seed, frameCount: source.frames }))
  }
  const { lengths, readers, holes } = source
  const open = (isGrowing: boolean): Promise<ReplaySource> =>
    openReplay(source.file, { disk, pool, readers, holes, lengths: isGrowing ? 'cut' : lengths })
  return watch === null ? open(false) : watch.read(open)
}

interface ReplayOpening extends ReplayOptions {
  readonly disk: DiskPort
  readonly pool: FilterPool
  readonly readers: number
}

async function openReplay(
  path: string,
  { disk, pool, readers, lengths, holes }: ReplayOpening,
): Promise<ReplaySource> {
  const measurement = await Measurement.open(disk, path, { pool, missingChunks: holes })
  try {
    measurement.refuseDamaged(() => true)
    const source = await ReplaySource.open(measurement, { lengths, holes })
    await source.prepareReaders(readers)
    return source
  } catch (error) {
    await measurement.close()
    throw explainHole(error, holes, adviseToRewrite)
  }
}

function adviseToRewrite(feature: string): string {
  return `replay a rewritten file without ${feature.split('/')[0]} (weir rewrite --features)`
}
