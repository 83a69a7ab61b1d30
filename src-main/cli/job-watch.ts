import type { Warning } from '../errors.ts'
import type { JobProgress } from '../job-process/job-context.ts'
import type { JobReporter } from './job-reporter.ts'

/** What became known of one job while it was checked and run; passes it on, each warning once. */
export class JobWatch {
  readonly #job: number
  readonly #reporter: JobReporter
  readonly #warnings = new Map<string, Warning>()
  #progress: JobProgress | undefined

  constructor(job: number, reporter: JobReporter) {
    this.#job = job
    this.#reporter = reporter
  }

  get warnings(): readonly Warning[] {
    return [...this.#warnings.values()]
  }

  get bytesRead(): number {
    return this.#progress?.bytesRead ?? 0
  }

  get bytesWritten(): number {
    return this.#progress?.bytesWritten ?? 0
  }

  noteProgress(progress: JobProgress): void {
    this.#progress = progress
    this.#reporter.reportProgress(this.#job, progress)
  }

  /** The same warning may come while checking, while running and with the outcome. */
  noteWarnings(warnings: readonly Warning[]): void {
    for (const warning of warnings) {
      const key = JSON.stringify([warning.code, warning.message, warning.path, warning.object])
      if (this.#warnings.has(key)) continue
      this.#warnings.set(key, warning)
      this.#reporter.reportWarning(this.#job, warning)
    }
  }
}
