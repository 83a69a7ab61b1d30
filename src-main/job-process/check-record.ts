import { OutputConflict, throwIfCancelled } from '../errors.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { RecordJob } from '../jobs/job-schema.ts'
import { Measurement } from '../read/measurement.ts'
import { borrowPool } from './borrow-pool.ts'
import type { CheckedJob, JobContext } from './job-context.ts'
import { readMetadataFile } from './metadata-file.ts'
import { checkOutput } from './output-target.ts'
import { runRecord } from './record-job.ts'
import type { RecordSource } from './record-source.ts'
import { ReplaySource } from './replay-source.ts'
import { SimulatedInstrument } from './simulated-instrument.ts'
import { SimulatedSource } from './simulated-source.ts'

/** A recording can be ended in two ways: `stopSignal` lets what was begun arrive, `signal` aborts. */
export interface RecordContext extends JobContext {
  readonly stopSignal: AbortSignal
}

/** Finds every reason to refuse a recording before anything is written. */
export async function checkRecord(job: RecordJob, context: RecordContext): Promise<CheckedJob> {
  const { disk } = context
  const inputPath = job.source.kind === 'replay' ? job.source.file : null
  if (inputPath !== null) await (await disk.openForRead(inputPath)).close()
  const target = await checkOutput(
    { path: job.output, overwrite: job.overwrite, inputs: inputPath === null ? [] : [inputPath] },
    disk,
  )
  const extraAttributes = job.metadataFile === null ? [] : await readMetadataFile(job.metadataFile, disk)
  throwIfCancelled(context.signal)
  const source = await borrowPool(context, 1, (pool) => openSource(job, context, pool))
  await source.close()
  const estimatedBytes = Math.ceil(
    source.totalEvents * source.eventBytes * (job.compression.codec === 'none' ? 1 : 0.5),
  )
  const freeBytes = await disk.freeBytes(target.folder)
  if (freeBytes < estimatedBytes / 2) {
    const message = `${job.output}: about ${estimatedBytes} bytes are needed, ${freeBytes} are free; make room or choose another folder`
    throw new OutputConflict('E_OUT_SPACE', message, {
      path: job.output,
      expected: estimatedBytes,
      actual: freeBytes,
    })
  }
  return {
    input: inputPath,
    output: job.output,
    totalEvents: source.totalEvents,
    estimatedBytes,
    warnings: [],
    run: () => runRecord({ job, target, extraAttributes }, context),
  }
}

/** The source that a job names; its frames and events are counted. */
export async function openSource(
  job: RecordJob,
  { disk }: JobContext,
  pool: FilterPool,
): Promise<RecordSource & Partial<Pick<ReplaySource, 'warnings' | 'measurement'>>> {
  if (job.source.kind === 'simulate') {
    return new SimulatedSource(new SimulatedInstrument({ seed: job.seed, frameCount: job.source.frames }))
  }
  const measurement = await Measurement.open(disk, job.source.file, { pool })
  try {
    return await ReplaySource.open(measurement)
  } catch (error) {
    await measurement.close()
    throw error
  }
}
