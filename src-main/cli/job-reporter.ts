import type { ErrorData, Warning } from '../errors.ts'
import type { JobProgress } from '../job-process/job-context.ts'
import type { JobResult } from './job-result.ts'

/** Tells the user, or the program that called, how the jobs go on. `job` counts from 1. */
export interface JobReporter {
  reportProgress(job: number, progress: JobProgress): void
  reportWarning(job: number, warning: Warning): void
  /** An input was refused while others are still looked at; its result follows in the order of the inputs. */
  reportRefusal(job: number, error: ErrorData): void
  /** Called once for each job, in order. */
  reportResult(result: JobResult): void
  /** After the last result. */
  finish(): void
}
