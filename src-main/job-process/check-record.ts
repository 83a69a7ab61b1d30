import { throwIfCancelled } from '../errors.ts'
import type { RecordJob } from '../jobs/job-schema.ts'
import { FileWatch } from '../read/file-watch.ts'
import { borrowPool } from './borrow-pool.ts'
import { checkSpace } from './check-space.ts'
import type { CheckedJob, RecordContext } from './job-context.ts'
import { readMetadataFile } from './metadata-file.ts'
import { openSource } from './open-source.ts'
import { checkOutput } from './output-target.ts'
import { runRecord } from './record-job.ts'

/** Finds every reason to refuse a recording before anything is written. */
export async function checkRecord(job: RecordJob, context: RecordContext): Promise<CheckedJob> {
  const { disk } = context
  const inputPath = job.source.kind === 'replay' ? job.source.file : null
  const watch = inputPath === null ? null : new FileWatch(disk, inputPath)
  await watch?.look()
  const reads = [inputPath, job.metadataFile].filter((path) => path !== null)
  const target = await checkOutput({ path: job.output, overwrite: job.overwrite, inputs: reads }, disk)
  const extraAttributes = job.metadataFile === null ? [] : await readMetadataFile(job.metadataFile, disk)
  throwIfCancelled(context.signal)
  const source = await borrowPool(context, job.threads, (pool) => openSource(job, { disk, pool, watch }))
  await source.close()
  const rawBytes = source.totalEvents * source.eventBytes
  const estimatedBytes = Math.ceil(rawBytes * (job.compression.codec === 'none' ? 1 : 0.5))
  const need = { rawBytes, estimatedBytes, compression: job.compression }
  const warnings = checkSpace(target, need, await disk.freeBytes(target.nearestFolder))
  return {
    input: inputPath,
    output: job.output,
    reads,
    totalEvents: source.totalEvents,
    estimatedBytes,
    warnings,
    run: () => runRecord({ job, target, extraAttributes, watch }, context),
  }
}
