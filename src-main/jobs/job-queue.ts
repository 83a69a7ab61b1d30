import { randomUUID } from 'node:crypto'
import { InvalidInput, toErrorData, type Warning } from '../errors.ts'
import { advance, hasEnded, isActive, WAITING, type JobEvent } from './job-life.ts'
import type { JobStore } from './job-store.ts'
import type { JobProgress } from './job-report.ts'
import type { Job } from './job-schema.ts'
import type { Collision } from './queue-view.ts'
import type { OwnedProcess } from './process-owner.ts'
import { MAX_JOBS_AT_ONCE, type QueuedJob } from './queued-job.ts'
import { describeInterruption } from './stored-queue.ts'

/** What listeners are told; the figures of a running job come apart, because they come often. */
export type QueueEvent =
  | { readonly kind: 'job'; readonly job: QueuedJob }
  | { readonly kind: 'progress'; readonly id: string; readonly progress: JobProgress }
  | { readonly kind: 'warning'; readonly id: string; readonly warning: Warning }
  /** Jobs came, went or changed places. */
  | { readonly kind: 'order'; readonly ids: readonly string[] }
  | { readonly kind: 'jobs-at-once'; readonly jobsAtOnce: number }

/** Other settings for a job that waits. */
export interface QueuedChange {
  readonly id: string
  readonly job: Job
  readonly collision: Collision
  /** Left out: as it was. */
  readonly wantedName?: string | null
  /** Left out: as it was. */
  readonly nameTemplate?: string | null
}

/** How a job came to its place. */
export type JobOrigin = Pick<QueuedJob, 'inputRoot' | 'wantedName' | 'nameTemplate'>

/** A disk that does not answer must not keep the window from opening. */
const LEFTOVER_WAIT_MS = 500

export interface QueueOptions {
  readonly store: JobStore
  /** Starts a process for the job; may throw, and calls `onEvent` only after it returned. */
  readonly startProcess: (job: Job, onEvent: (event: JobEvent) => void) => OwnedProcess
  /** The temporary file beside an output, if there is one. Never rejects. */
  readonly findLeftover: (output: string) => Promise<string | null>
  readonly now?: () => Date
}

/** Which job runs when. Every change is told to the listeners and saved; asking for what cannot be throws E_QUEUE. */
export class JobQueue {
  readonly #options: QueueOptions
  readonly #processes = new Map<string, OwnedProcess>()
  readonly #listeners = new Set<(event: QueueEvent) => void>()
  /** By id, in the order of the queue. */
  #jobs: Map<string, QueuedJob>
  #jobsAtOnce: number
  #isClosing = false

  private constructor(options: QueueOptions, jobs: readonly QueuedJob[], jobsAtOnce: number) {
    this.#options = options
    this.#jobs = byId(jobs)
    this.#jobsAtOnce = jobsAtOnce
  }

  /** The queue of the last session; nothing of it starts by itself. */
  static async open(options: QueueOptions): Promise<JobQueue> {
    const { jobs, jobsAtOnce } = await options.store.load()
    const queue = new JobQueue(options, jobs, jobsAtOnce)
    const named = Promise.all(jobs.map(({ id }) => queue.#nameLeftover(id)))
    let timer: NodeJS.Timeout | undefined
    const tired = new Promise((resolve) => (timer = setTimeout(resolve, LEFTOVER_WAIT_MS)))
    await Promise.race([named, tired])
    clearTimeout(timer)
    return queue
  }

  get jobs(): readonly QueuedJob[] {
    return [...this.#jobs.values()]
  }

  /** Throws E_QUEUE if it is not in the queue. */
  get(id: string): QueuedJob {
    return this.#lookUp(id)
  }

  get jobsAtOnce(): number {
    return this.#jobsAtOnce
  }

  /** Until the returned function is called. */
  subscribe(listener: (event: QueueEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Puts jobs at the end; they wait until they are started. `origins`: what is known of some of them. */
  add(
    jobs: readonly Job[],
    collision: Collision = 'refuse',
    origins: ReadonlyMap<Job, JobOrigin> = new Map(),
  ): readonly QueuedJob[] {
    const addedAt = this.#tellTime()
    const added = jobs.map((job) => ({
      ...{ id: randomUUID(), job, collision, life: WAITING, isReleased: false, isUnfinished: false },
      ...(origins.get(job) ?? { inputRoot: null, wantedName: null, nameTemplate: null }),
      ...{ leftoverPath: null, addedAt, endedAt: null },
    }))
    this.#setOrder([...this.#jobs.values(), ...added])
    return added
  }

  /** Takes jobs out; none of them may be running. */
  remove(ids: readonly string[]): void {
    const removed = new Set(ids.map((id) => this.#lookUpIdle(id).id))
    this.#setOrder(this.jobs.filter(({ id }) => !removed.has(id)))
  }

  /** Puts the job at a place, 0 being the first; places beyond the end are the end. */
  move(id: string, place: number): void {
    const moved = this.#lookUp(id)
    const others = this.jobs.filter((entry) => entry !== moved)
    this.#setOrder([...others.slice(0, Math.max(0, place)), moved, ...others.slice(Math.max(0, place))])
  }

  /** Gives jobs that wait other settings: all of them, or none. */
  change(changes: readonly QueuedChange[]): void {
    for (const entry of changes.map(({ id }) => this.#lookUp(id))) {
      if (entry.life.state !== 'waiting') throw makeRefusal(entry, 'only a job that waits can be changed')
    }
    this.#replace(...changes.map((change) => ({ ...this.#lookUp(change.id), ...change })))
  }

  /** Lets jobs that wait run as soon as there is room, in the order of the queue. */
  start(ids: readonly string[]): void {
    for (const entry of ids.map((id) => this.#lookUp(id))) {
      if (entry.life.state !== 'waiting') throw makeRefusal(entry, 'it does not wait')
    }
    this.#replace(...ids.map((id) => ({ ...this.#lookUp(id), isReleased: true, isUnfinished: false })))
    this.#startWhatFits()
  }

  /** Takes `start` back for jobs that have not begun; others go on. */
  hold(ids: readonly string[]): void {
    const entries = ids.map((id) => this.#lookUp(id))
    const held = entries.filter(({ life, isReleased }) => life.state === 'waiting' && isReleased)
    this.#replace(...held.map((entry) => ({ ...entry, isReleased: false })))
  }

  /** Runs a job again that has ended; with other settings if they are given. What it left behind it never removes unasked. */
  retry(id: string, job?: Job): void {
    const entry = this.#lookUp(id)
    if (!hasEnded(entry.life)) throw makeRefusal(entry, 'it has not ended')
    const again = { ...entry, job: job ?? entry.job, life: WAITING, isReleased: true }
    this.#replace({ ...again, isUnfinished: false, leftoverPath: null, endedAt: null })
    this.#startWhatFits()
  }

  /** Ends a job, also one that only waits. Nothing happens where it has ended by itself. */
  cancel(id: string): void {
    this.#lookUp(id)
    this.#apply(id, { kind: 'cancel' })
    if (isActive(this.#lookUp(id).life)) this.#processes.get(id)?.cancel()
  }

  /** Ends a recording in good order: what was begun still arrives. */
  stop(id: string): void {
    const entry = this.#lookUp(id)
    if (!isActive(entry.life) || entry.job.task !== 'record') throw makeRefusal(entry, 'it does not record')
    this.#apply(id, { kind: 'stop' })
    this.#processes.get(id)?.stop()
  }

  /** 1 to 16; what runs above it goes on. */
  setJobsAtOnce(count: number): void {
    if (!Number.isInteger(count) || count < 1 || count > MAX_JOBS_AT_ONCE) {
      throw new InvalidInput('E_QUEUE', `jobs at once: 1 to ${MAX_JOBS_AT_ONCE}`, { actual: count })
    }
    this.#jobsAtOnce = count
    this.#save()
    this.#tell({ kind: 'jobs-at-once', jobsAtOnce: count })
    this.#startWhatFits()
  }

  /**
   * Ends everything, for good: recordings in good order, rewrites by a cancel that counts as interrupted. A process that is not
   * gone by then is killed. Resolves when all are gone and the queue is saved.
   */
  async close(timeoutMs: number): Promise<void> {
    this.#isClosing = true
    for (const [id, process] of this.#processes) {
      if (this.#find(id)?.job.task === 'record') process.stop()
      else process.cancel()
    }
    const timer = setTimeout(() => {
      for (const process of this.#processes.values()) process.kill()
    }, timeoutMs)
    await Promise.all([...this.#processes.values()].map(({ gone }) => gone))
    clearTimeout(timer)
    this.#save()
    await this.#options.store.saved()
  }

  #startWhatFits(): void {
    if (this.#isClosing) return
    for (const id of this.#jobs.keys()) {
      const entry = this.#lookUp(id)
      const isDue = entry.isReleased && entry.life.state === 'waiting' && !this.#processes.has(id)
      if (isDue && this.#hasRoomFor(entry)) this.#startOne(entry)
    }
  }

  /** What is recorded does not wait: recordings have a lane of their own, as wide as that of all other jobs. */
  #hasRoomFor({ job }: QueuedJob): boolean {
    const isRecording = job.task === 'record'
    const running = [...this.#processes.keys()].filter(
      (id) => (this.#find(id)?.job.task === 'record') === isRecording,
    )
    return running.length < this.#jobsAtOnce
  }

  #startOne({ id, job }: QueuedJob): void {
    this.#apply(id, { kind: 'start' })
    try {
      const process = this.#options.startProcess(job, (event) => this.#apply(id, event))
      this.#processes.set(id, process)
      void process.gone.then(() => this.#release(id))
    } catch (thrown) {
      this.#apply(id, { kind: 'broken', error: { ...toErrorData(thrown), path: job.output } })
    }
  }

  #release(id: string): void {
    this.#processes.delete(id)
    void this.#nameLeftover(id)
    this.#startWhatFits()
  }

  #apply(id: string, event: JobEvent): void {
    const entry = this.#find(id)
    if (entry === undefined) return
    const life = advance(entry.life, this.#judgeWhileClosing(entry, event))
    if (life === entry.life) return
    const endedAt = hasEnded(life) ? this.#tellTime() : null
    const next = { ...entry, life, endedAt }
    const isSameState = life.state === entry.life.state
    if (isSameState && event.kind === 'message') this.#note(next, event)
    else this.#replace(next)
  }

  /** What we cancel because Weir is quit, the user did not cancel: it will be offered again. */
  #judgeWhileClosing({ life, job }: QueuedJob, event: JobEvent): JobEvent {
    const isCancelled = event.kind === 'message' && event.message.kind === 'cancelled'
    if (!this.#isClosing || !isCancelled || life.state === 'cancelling') return event
    return { kind: 'broken', error: describeInterruption(job.output) }
  }

  /** News of a running job that need not be saved. */
  #note(entry: QueuedJob, { message }: JobEvent & { readonly kind: 'message' }): void {
    this.#put(entry)
    if (message.kind === 'progress')
      this.#tell({ kind: 'progress', id: entry.id, progress: message.progress })
    else if (message.kind === 'warning')
      this.#tell({ kind: 'warning', id: entry.id, warning: message.warning })
    else this.#tell({ kind: 'job', job: entry })
  }

  async #nameLeftover(id: string): Promise<void> {
    const before = this.#find(id)
    if (before === undefined || !mayHaveLeftover(before)) return
    const leftoverPath = await this.#options.findLeftover(before.job.output)
    const entry = this.#find(id)
    if (entry?.life !== before.life || entry.leftoverPath === leftoverPath) return
    this.#put({ ...entry, leftoverPath })
    this.#tell({ kind: 'job', job: { ...entry, leftoverPath } })
  }

  #replace(...entries: readonly QueuedJob[]): void {
    for (const entry of entries) this.#put(entry)
    this.#save()
    for (const job of entries) this.#tell({ kind: 'job', job })
  }

  #put(entry: QueuedJob): void {
    this.#jobs.set(entry.id, entry)
  }

  #setOrder(jobs: readonly QueuedJob[]): void {
    this.#jobs = byId(jobs)
    this.#save()
    this.#tell({ kind: 'order', ids: jobs.map(({ id }) => id) })
  }

  #save(): void {
    this.#options.store.save({ jobs: this.jobs, jobsAtOnce: this.#jobsAtOnce })
  }

  #tell(event: QueueEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  #tellTime(): string {
    return (this.#options.now?.() ?? new Date()).toISOString()
  }

  #find(id: string): QueuedJob | undefined {
    return this.#jobs.get(id)
  }

  #lookUp(id: string): QueuedJob {
    const entry = this.#find(id)
    if (entry === undefined) throw new InvalidInput('E_QUEUE', `there is no job ${id} in the queue`)
    return entry
  }

  #lookUpIdle(id: string): QueuedJob {
    const entry = this.#lookUp(id)
    if (isActive(entry.life)) throw makeRefusal(entry, 'it is running; cancel it first')
    return entry
  }
}

function byId(jobs: readonly QueuedJob[]): Map<string, QueuedJob> {
  return new Map(jobs.map((entry) => [entry.id, entry]))
}

function mayHaveLeftover({ life }: QueuedJob): boolean {
  return life.state === 'failed' || life.state === 'cancelled'
}

function makeRefusal({ job }: QueuedJob, reason: string): InvalidInput {
  return new InvalidInput('E_QUEUE', `the job for ${job.output}: ${reason}`, { path: job.output })
}
