import type { JobProgress } from '../job-process/job-context.ts'

/**
 * Between two lines of one phase. With at most five changes of phase and a last line this keeps below the ten a second that are
 * promised, also where a small file passes all phases within a moment.
 */
const INTERVAL_MS = 250

/** Lets through each change of phase, the last word, and between them a few reports a second. */
export class ProgressThrottle {
  readonly #emit: (progress: JobProgress) => void
  readonly #isBusy: () => boolean
  readonly #now: () => number
  #lastPhase: string | undefined
  #lastMs = Number.NEGATIVE_INFINITY
  #pending: JobProgress | undefined

  /** While `isBusy`, the reader is behind and only changes of phase and the last word are told. */
  constructor(
    emit: (progress: JobProgress) => void,
    { isBusy, now }: { readonly isBusy: () => boolean; readonly now?: () => number },
  ) {
    this.#emit = emit
    this.#isBusy = isBusy
    this.#now = now ?? (() => performance.now())
  }

  offer(progress: JobProgress): void {
    this.#pending = progress
    const isDue = this.#now() - this.#lastMs >= INTERVAL_MS && !this.#isBusy()
    if (isDue || progress.phase !== this.#lastPhase) this.flush()
  }

  /** Emits what was held back, if anything. */
  flush(): void {
    if (this.#pending === undefined) return
    const progress = this.#pending
    this.#pending = undefined
    this.#lastPhase = progress.phase
    this.#lastMs = this.#now()
    this.#emit(progress)
  }
}
