import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { RecordJob } from '../jobs/job-schema.ts'
import { Measurement } from '../read/measurement.ts'
import type { JobContext } from './job-context.ts'
import type { RecordSource } from './record-source.ts'
import { ReplaySource } from './replay-source.ts'
import { SimulatedInstrument } from './simulated-instrument.ts'
import { SimulatedSource } from './simulated-source.ts'

/** A source, and what comes with it where it is a measurement. */
export type OpenSource = RecordSource &
  Partial<Pick<ReplaySource, 'warnings' | 'measurement' | 'isCut' | 'linked'>>

/** The source that a job names; its frames and events are counted. */
export async function openSource(
  job: RecordJob,
  { disk }: JobContext,
  pool: FilterPool,
): Promise<OpenSource> {
  if (job.source.kind === 'simulate') {
    return new SimulatedSource(new SimulatedInstrument({ seed: job.seed, frameCount: job.source.frames }))
  }
  const measurement = await Measurement.open(disk, job.source.file, { pool })
  try {
    measurement.refuseDamaged(() => true)
    return await ReplaySource.open(measurement, job.source.lengths)
  } catch (error) {
    await measurement.close()
    throw error
  }
}
