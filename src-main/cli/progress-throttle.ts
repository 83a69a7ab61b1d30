import type { JobProgress } from '../job-process/job-context.ts'
import { RateLimit } from './rate-limit.ts'

/**
 * Between two lines of one phase. With the five changes of phase and a last line this keeps a job below ten a second, so that
 * those are told also where a small file passes all phases within a moment.
 */
const INTERVAL_MS = 250

/** Spec: at most 10 a second. Kept also where many small files follow one another, at the cost of some changes of phase. */
const LIMIT = { most: 10, stretchMs: 1000 }

export interface ThrottleOptions {
  /** The reader is behind: only changes of phase and the last word are told. */
  readonly isBusy: () => boolean
  readonly now?: () => number
}

/** Lets through each change of phase, the last word, and between them a few reports a second, of all jobs together. */
export class ProgressThrottle {
  readonly #emit: (job: number, progress: JobProgress) => void
  readonly #isBusy: () => boolean
  readonly #now: () => number
  readonly #limit = new RateLimit(LIMIT)
  #last: { readonly job: number; readonly phase: string; readonly ms: number } | undefined
  #pending: { readonly job: number; readonly progress: JobProgress } | undefined

  constructor(emit: (job: number, progress: JobProgress) => void, { isBusy, now }: ThrottleOptions) {
    this.#emit = emit
    this.#isBusy = isBusy
    this.#now = now ?? (() => performance.now())
  }

  offer(job: number, progress: JobProgress): void {
    this.#pending = { job, progress }
    const isNews = job !== this.#last?.job || progress.phase !== this.#last.phase
    const isDue = this.#last === undefined || this.#now() - this.#last.ms >= INTERVAL_MS
    if (isNews || (isDue && !this.#isBusy())) this.#tell()
  }

  /** The last word of a job: tells what was held back, if anything. */
  flush(): void {
    this.#tell()
    this.#pending = undefined
  }

  #tell(): void {
    if (this.#pending === undefined) return
    const ms = this.#now()
    if (!this.#limit.take(ms)) return
    const { job, progress } = this.#pending
    this.#pending = undefined
    this.#last = { job, phase: progress.phase, ms }
    this.#emit(job, progress)
  }
}
