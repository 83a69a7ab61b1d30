import type { JobContext, JobPhase, JobProgress } from './job-context.ts'

const INTERVAL_MS = 100

/** The figures of a running job; each part of the job keeps its own up to date. */
export interface JobFigures {
  phase: JobPhase
  writtenEvents: number
  totalEvents: number
  writtenFrames: number
  totalFrames: number
  bytesRead: number
  bytesWritten: number
}

/** The write queue as far as progress shows it. */
export interface ObservedQueue {
  readonly length: number
  readonly bytes: number
  readonly limitBytes: number
}

/** Tells a job's progress: at once when the phase changes, else every 100 ms. */
export class ProgressReporter {
  readonly figures: JobFigures
  readonly #started = performance.now()
  readonly #context: JobContext
  #queue: ObservedQueue = { length: 0, bytes: 0, limitBytes: 0 }
  #timer: NodeJS.Timeout | undefined

  constructor(context: JobContext, totals: { readonly events: number; readonly frames?: number }) {
    this.#context = context
    this.figures = {
      phase: 'check',
      writtenEvents: 0,
      totalEvents: totals.events,
      writtenFrames: 0,
      totalFrames: totals.frames ?? 0,
      bytesRead: 0,
      bytesWritten: 0,
    }
  }

  get seconds(): number {
    return (performance.now() - this.#started) / 1000
  }

  watchQueue(queue: ObservedQueue): void {
    this.#queue = queue
  }

  enter(phase: JobPhase): void {
    this.figures.phase = phase
    this.#timer ??= setInterval(() => this.#report(), INTERVAL_MS)
    this.#report()
  }

  /** The last word: no report comes after it. */
  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #report(): void {
    const progress: JobProgress = {
      ...this.figures,
      writeQueueSize: this.#queue.length,
      queuedBytes: this.#queue.bytes,
      queueLimitBytes: this.#queue.limitBytes,
      verifiedBytes: 0,
      filterLoad: 0,
      diskLoad: 0,
      seconds: this.seconds,
    }
    this.#context.reportProgress(progress)
  }
}
