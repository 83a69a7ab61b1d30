import type {
  CheckedRun,
  CheckTask,
  CompareTask,
  DecodeTask,
  EncodedChunk,
  FilterPool,
  FilterTask,
  MeasureTask,
  RecodeTask,
} from '../hdf5/filters/filter-pool.ts'
import type { LoadMeter } from './load-meter.ts'

/** A job's way to the filter threads, with a meter that shows which share of them works for this job. */
export class ObservedPool implements FilterPool {
  readonly #pool: FilterPool
  readonly #load: LoadMeter
  #pending = 0

  constructor(pool: FilterPool, load: LoadMeter) {
    this.#pool = pool
    this.#load = load
  }

  get threads(): number {
    return this.#pool.threads
  }

  get pending(): number {
    return this.#pool.pending
  }

  encode(raw: Uint8Array<ArrayBuffer>, task: FilterTask): Promise<EncodedChunk> {
    return this.#observe(() => this.#pool.encode(raw, task))
  }

  decode(encoded: Uint8Array<ArrayBuffer>, task: DecodeTask): Promise<Uint8Array<ArrayBuffer>> {
    return this.#observe(() => this.#pool.decode(encoded, task))
  }

  recode(encoded: Uint8Array<ArrayBuffer>, task: RecodeTask): Promise<EncodedChunk> {
    return this.#observe(() => this.#pool.recode(encoded, task))
  }

  check(run: Uint8Array<ArrayBuffer>, task: CheckTask): Promise<CheckedRun> {
    return this.#observe(() => this.#pool.check(run, task))
  }

  measure(raw: Uint8Array<ArrayBuffer>, task: MeasureTask): Promise<readonly number[]> {
    return this.#observe(() => this.#pool.measure(raw, task))
  }

  compare(pieces: Uint8Array<ArrayBuffer>, task: CompareTask): Promise<number | undefined> {
    return this.#observe(() => this.#pool.compare(pieces, task))
  }

  close(): Promise<void> {
    return this.#pool.close()
  }

  async #observe<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#count(1)
    try {
      return await work()
    } finally {
      this.#count(-1)
    }
  }

  #count(change: number): void {
    this.#pending += change
    this.#load.set(Math.min(this.#pending, this.threads) / this.threads)
  }
}
