import type { Warning } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import type { JobPhase, JobProgress, OutcomeFigures } from '../jobs/job-report.ts'

/** Told while a job runs, at most 10 times a second. */
export type { JobPhase, JobProgress }

/** What a job needs from outside. */
export interface JobContext {
  readonly disk: DiskPort
  /** Raised: cancel. Rewrite stops and removes its temporary file. */
  readonly signal: AbortSignal
  /** Filter threads that jobs share; left out: each job has its own. */
  readonly pool?: FilterPool | undefined
  reportProgress(progress: JobProgress): void
  reportWarning(warning: Warning): void
}

/** A recording can be ended in two ways: `stopSignal` lets what was begun arrive, `signal` aborts. */
export interface RecordContext extends JobContext {
  readonly stopSignal: AbortSignal
}

/** How a job that came to its end ended; a failed one throws a WeirError instead, a cancelled one `Cancelled`. */
export interface JobOutcome extends OutcomeFigures {
  readonly warnings: readonly Warning[]
}

/** A job whose input, output and settings were found good; nothing is written yet. */
export interface CheckedJob {
  readonly input: string | null
  readonly output: string
  /** Every file that the job reads or refers to, as far as they are there: none of them may be written by another job. */
  readonly reads: readonly string[]
  readonly totalEvents: number
  /** Estimated bytes of the output, for `--dry-run`. */
  readonly estimatedBytes: number
  readonly warnings: readonly Warning[]
  run(context: JobContext): Promise<JobOutcome>
}
