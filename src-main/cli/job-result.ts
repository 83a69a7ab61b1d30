import type { ErrorData, Warning } from '../errors.ts'
import type { JobOutcome } from '../job-process/job-context.ts'
import type { VerificationLevel } from '../jobs/job-schema.ts'
import type { Finding } from '../read/finding.ts'
import type { JobPaths } from './planned-job.ts'

export type JobStatus = 'done' | 'failed' | 'cancelled' | 'refused'

/** How one input ended. */
export interface JobResult {
  /** 1, 2, ... in the order of the inputs. */
  readonly job: number
  /** null: a simulated recording. */
  readonly input: string | null
  /** null: none is written (verify), or its name could not be found out. */
  readonly output: string | null
  readonly status: JobStatus
  /** Events in the output (verify: in the input; null if they cannot be counted). */
  readonly events: number | null
  readonly bytesRead: number
  readonly bytesWritten: number
  readonly seconds: number
  /** How the output was verified; null: it was not, as there is none. */
  readonly verification: VerificationLevel | null
  readonly warnings: readonly Warning[]
  readonly error: ErrorData | null
  /** Only of an output that was written; for people, not in the JSON. */
  readonly copied?: Pick<JobOutcome, 'features' | 'featuresAsStored'>
  /** Only of `verify`. */
  readonly findings?: readonly Finding[]
  /** Only of `rewrite --dry-run`, where `done` means that the job could start. */
  readonly dryRun?: DryRunFigures
}

export interface DryRunFigures {
  readonly estimatedBytes: number
  /** On the disk of the output; null: it does not tell. */
  readonly freeBytes: number | null
}

export const EXIT_DONE = 0
export const EXIT_FAILED = 1
export const EXIT_REFUSED = 2
export const EXIT_CANCELLED = 130

/**
 * 130: something was cancelled. 0: every job done. 2: all were refused, nothing was written. 1: one failed after it started, or some
 * were refused and others ran.
 */
export function chooseExitCode(statuses: readonly JobStatus[]): number {
  if (statuses.includes('cancelled')) return EXIT_CANCELLED
  if (statuses.every((status) => status === 'done')) return EXIT_DONE
  return statuses.every((status) => status === 'refused') ? EXIT_REFUSED : EXIT_FAILED
}

/** Result of a job that wrote nothing. */
export function makeEmptyResult(
  job: number,
  paths: JobPaths,
  end: { readonly status: JobStatus; readonly error: ErrorData; readonly warnings?: readonly Warning[] },
): JobResult {
  return {
    job,
    input: paths.input,
    output: paths.output,
    status: end.status,
    events: 0,
    bytesRead: 0,
    bytesWritten: 0,
    seconds: 0,
    verification: null,
    warnings: end.warnings ?? [],
    error: nameFile(end.error, paths),
  }
}

/** An error always says which file it is about, if any is known. */
export function nameFile(error: ErrorData, { input, output }: JobPaths): ErrorData {
  return { ...error, path: error.path ?? input ?? output }
}
