import { join } from 'node:path'
import type { z } from 'zod'
import type { Warning } from '../../../src-main/errors.ts'
import type { DiskPort } from '../../../src-main/hdf5/disk/disk-port.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type { FilterPool } from '../../../src-main/hdf5/filters/filter-pool.ts'
import { checkBasinsJob } from '../../../src-main/job-process/check-basins-job.ts'
import { checkRecord } from '../../../src-main/job-process/check-record.ts'
import { checkRewrite } from '../../../src-main/job-process/check-rewrite.ts'
import type { JobContext, JobOutcome, JobProgress } from '../../../src-main/job-process/job-context.ts'
import {
  basinsJobSchema,
  recordJobSchema,
  rewriteJobSchema,
  type BasinsJob,
  type RewriteJob,
} from '../../../src-main/jobs/job-schema.ts'

/** A job's context that remembers what it was told. */
export interface TestContext extends JobContext {
  readonly progress: JobProgress[]
  readonly warnings: Warning[]
  readonly stopSignal: AbortSignal
}

export interface TestContextOptions {
  readonly disk?: DiskPort
  readonly signal?: AbortSignal
  readonly stopSignal?: AbortSignal
  readonly onProgress?: (progress: JobProgress) => void
}

export function makeContext(pool: FilterPool, options: TestContextOptions = {}): TestContext {
  const progress: JobProgress[] = []
  const warnings: Warning[] = []
  return {
    pool,
    disk: options.disk ?? nodeDisk,
    signal: options.signal ?? new AbortController().signal,
    stopSignal: options.stopSignal ?? new AbortController().signal,
    progress,
    warnings,
    reportProgress: (one) => {
      progress.push(one)
      options.onProgress?.(one)
    },
    reportWarning: (one) => warnings.push(one),
  }
}

export async function rewrite(
  settings: Pick<RewriteJob, 'input' | 'output'> & Partial<RewriteJob>,
  context: TestContext,
): Promise<JobOutcome> {
  const job = rewriteJobSchema.parse({ task: 'rewrite', ...settings })
  const checked = await checkRewrite(job, context)
  return checked.run(context)
}

export async function makeBasinFile(
  settings: Pick<BasinsJob, 'output' | 'sources'> & Partial<BasinsJob>,
  context: TestContext,
): Promise<JobOutcome> {
  const job = basinsJobSchema.parse({ task: 'basins', ...settings })
  const checked = await checkBasinsJob(job, context)
  return checked.run(context)
}

export async function record(
  settings: Omit<z.input<typeof recordJobSchema>, 'task'>,
  context: TestContext,
): Promise<JobOutcome> {
  const job = recordJobSchema.parse({ task: 'record', ...settings })
  const checked = await checkRecord(job, context)
  return checked.run(context)
}

/** Records a measurement of the simulated instrument and gives its path. */
export async function makeSample(folder: string, frames: number, context: TestContext): Promise<string> {
  const output = join(folder, `sample-${frames}.rtdc`)
  await record({ output, source: { kind: 'simulate', frames, rate: null }, verify: 'none' }, context)
  return output
}
