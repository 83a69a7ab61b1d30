import { basename } from 'node:path'

import type { ErrorData, Warning } from '../errors.ts'
import type { JobProgress } from '../job-process/job-context.ts'
import { describeResult } from './describe-result.ts'
import { formatCount } from '../job-process/format-quantity.ts'
import type { JobReporter } from './job-reporter.ts'
import type { JobResult, JobStatus } from './job-result.ts'
import { describeProgress } from './describe-progress.ts'
import { ProgressThrottle } from './progress-throttle.ts'
import { escapeText } from '../jobs/safe-text.ts'
import type { TextSink } from './text-sink.ts'
import type { StatusLine } from './status-line.ts'
import { writeError, writeWarning } from './write-message.ts'

export interface TextReporterOptions {
  readonly stdout: TextSink
  readonly stderr: TextSink
  readonly statusLine: StatusLine
  /** Name of each job's input or output, for the status line. */
  readonly names: readonly string[]
}

/** For people: one line for each output on standard output; progress (on a terminal) and messages on standard error. */
export class TextReporter implements JobReporter {
  readonly #options: TextReporterOptions
  readonly #throttle: ProgressThrottle
  readonly #told = new Set<number>()
  readonly #statuses: JobStatus[] = []
  #lastRefusal: string | undefined

  constructor(options: TextReporterOptions) {
    this.#options = options
    this.#throttle = new ProgressThrottle((job, progress) => this.#showProgress(job, progress), {
      isBusy: () => options.stderr.isBusy,
    })
  }

  reportProgress(job: number, progress: JobProgress): void {
    this.#throttle.offer(job, progress)
  }

  reportWarning(_job: number, warning: Warning): void {
    this.#options.statusLine.clear()
    writeWarning(this.#options.stderr, warning)
  }

  reportRefusal(job: number, error: ErrorData): void {
    this.#told.add(job)
    // Jobs that got in each other's way share one reason.
    if (error.message !== this.#lastRefusal) this.#writeError(error)
    this.#lastRefusal = error.message
  }

  reportResult(result: JobResult): void {
    this.#options.statusLine.clear()
    for (const line of describeResult(result)) this.#options.stdout.write(`${escapeText(line)}\n`)
    const isTold = this.#told.has(result.job) || (result.findings ?? []).length > 0
    if (result.error !== null && !isTold) this.#tellError(result.status, result.error)
    this.#statuses.push(result.status)
  }

  finish(): void {
    if (this.#statuses.length < 2) return
    const counts = (['done', 'failed', 'cancelled', 'refused'] as const).map((status) => {
      const count = this.#statuses.filter((candidate) => candidate === status).length
      return count === 0 ? undefined : `${count} ${status}`
    })
    const summary = counts.filter((count) => count !== undefined).join(', ')
    this.#options.stderr.write(`weir: ${formatCount(this.#statuses.length, 'job')}: ${summary}\n`)
  }

  /** Of many cancelled jobs one is told; the summary counts them. */
  #tellError(status: JobStatus, error: ErrorData): void {
    if (status === 'cancelled' && this.#statuses.includes('cancelled')) return
    this.#writeError(error)
  }

  #writeError(error: ErrorData): void {
    this.#options.statusLine.clear()
    writeError(this.#options.stderr, error)
  }

  #showProgress(job: number, progress: JobProgress): void {
    const { names, statusLine } = this.#options
    const place = names.length > 1 ? `[${job}/${names.length}] ` : ''
    const name = basename(names[job - 1] ?? '')
    statusLine.show(`${place}${escapeText(name)}  ${describeProgress(progress)}`)
  }
}
