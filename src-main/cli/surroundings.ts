import type { CheckedJob, JobContext, JobProgress } from '../job-process/job-context.ts'
import type { RecordContext } from '../job-process/job-context.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { BasinsJob, RecordJob, RewriteJob } from '../jobs/job-schema.ts'
import type { FileReport } from '../read/inspect-file.ts'
import type { VerifyReport } from '../read/verify-file.ts'
import type { SignalSteps } from './signal-steps.ts'
import type { TextSink } from './text-sink.ts'

/** Everything outside the command line that it touches; a process or a test provides it. */
export interface Surroundings {
  /** Without the names of the runtime and the program. */
  readonly arguments: readonly string[]
  /** Relative paths start here. */
  readonly baseFolder: string
  readonly stdout: TextSink
  readonly stderr: TextSink
  /** Width of the terminal behind `stderr`; undefined if there is none. */
  readonly columns: (() => number) | undefined
  readonly signals: SignalSteps
  readonly disk: DiskPort
  readonly tasks: Tasks
}

/** What the command line has done by the rooms below. */
export interface Tasks {
  checkRewrite(job: RewriteJob, context: JobContext): Promise<CheckedJob>
  checkRecord(job: RecordJob, context: RecordContext): Promise<CheckedJob>
  checkBasinsJob(job: BasinsJob, context: JobContext): Promise<CheckedJob>
  inspectFile(path: string): Promise<FileReport>
  verifyFile(path: string, options: VerifyOptions): Promise<VerifyReport>
}

export interface VerifyOptions {
  readonly signal: AbortSignal
  readonly isDeep: boolean
  readonly reportProgress: (progress: JobProgress) => void
}
