import type { JobContext, JobPhase, JobProgress } from './job-context.ts'
import { LoadMeter } from './load-meter.ts'

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
  verifiedBytes: number
}

const NOTHING_DONE: JobFigures = {
  phase: 'check',
  writtenEvents: 0,
  totalEvents: 0,
  writtenFrames: 0,
  totalFrames: 0,
  bytesRead: 0,
  bytesWritten: 0,
  verifiedBytes: 0,
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
  /** Kept by whoever uses the filter threads and the output's disk for the job. */
  readonly filterLoad = new LoadMeter()
  readonly diskLoad = new LoadMeter()
  readonly #started = performance.now()
  readonly #context: JobContext
  #queue: ObservedQueue = { length: 0, bytes: 0, limitBytes: 0 }
  #timer: NodeJS.Timeout | undefined

  constructor(context: JobContext) {
    this.#context = context
    this.figures = { ...NOTHING_DONE }
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

  /** Back to the check: nothing that was read or written so far counts. */
  restart(): void {
    const { totalEvents, totalFrames } = this.figures
    Object.assign(this.figures, { ...NOTHING_DONE, totalEvents, totalFrames })
    this.enter('check')
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
      filterLoad: this.filterLoad.take(),
      diskLoad: this.diskLoad.take(),
      seconds: this.seconds,
    }
    this.#context.reportProgress(progress)
  }
}
