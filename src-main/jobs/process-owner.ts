import { toErrorData } from '../errors.ts'
import type { JobEvent, ProcessExit } from './job-life.ts'
import { readMessageFromProcess, type MessageFromProcess, type MessageToProcess } from './job-messages.ts'
import type { Job } from './job-schema.ts'

/** One process to which messages of one kind go, whatever runtime it is of. */
export interface ChildPort<Message> {
  /** Never throws; does nothing once the process is gone. */
  post(message: Message): void
  onMessage(listener: (value: unknown) => void): void
  /** Also where it could not be started at all; may be called more than once. */
  onExit(listener: (exit: ProcessExit) => void): void
  /** At once and for good; never throws. */
  kill(): void
}

export type JobProcess = ChildPort<MessageToProcess>

/** Starts a process that waits for its job; may throw. */
export type ForkJobProcess = () => JobProcess

/** How long a process may take before it is killed. */
export interface ProcessLimits {
  /** To exit after its end message. */
  readonly exitMs: number
  /** To end after it was asked to cancel: a recording still writes the index of what it keeps. */
  readonly cancelMs: number
  /** To be gone after it was killed; then it is taken for gone. */
  readonly killMs: number
}

/** A process at work on a job, as the queue sees it. */
export interface OwnedProcess {
  /** Resolves when the process is gone; never rejects. */
  readonly gone: Promise<void>
  cancel(): void
  /** A recording: lets what was begun arrive. */
  stop(): void
  kill(): void
}

export interface OwnerOptions {
  readonly fork: ForkJobProcess
  readonly onEvent: (event: JobEvent) => void
  readonly limits?: ProcessLimits
}

const USUAL_LIMITS: ProcessLimits = { exitMs: 5_000, cancelMs: 60_000, killMs: 5_000 }

/** Owns the one process of one job, from its start until it is gone. Throws what `fork` throws. */
export class ProcessOwner implements OwnedProcess {
  readonly gone: Promise<void>
  readonly #process: JobProcess
  readonly #job: Job
  readonly #emit: (event: JobEvent) => void
  readonly #limits: ProcessLimits
  #resolveGone: () => void = () => undefined
  #timer: NodeJS.Timeout | undefined
  #hasSpokenLast = false
  #isKilled = false
  #isGone = false

  constructor(job: Job, { fork, onEvent, limits = USUAL_LIMITS }: OwnerOptions) {
    this.#job = job
    this.#emit = onEvent
    this.#limits = limits
    this.gone = new Promise((resolve) => {
      this.#resolveGone = resolve
    })
    this.#process = fork()
    this.#process.onMessage((value) => this.#hear(value))
    this.#process.onExit((exit) => this.#noteExit(exit))
    this.#post({ kind: 'start', job })
  }

  cancel(): void {
    if (this.#hasSpokenLast) return
    this.#post({ kind: 'cancel' })
    this.#timer ??= setTimeout(() => this.kill(), this.#limits.cancelMs)
  }

  stop(): void {
    if (!this.#hasSpokenLast) this.#post({ kind: 'stop' })
  }

  kill(): void {
    if (this.#isGone || this.#isKilled) return
    this.#isKilled = true
    const takeForGone = (): void => this.#noteExit({ code: null, reason: 'does not end', lastWords: '' })
    this.#wait(this.#limits.killMs, takeForGone)
    this.#process.kill()
  }

  #hear(value: unknown): void {
    if (this.#isGone || this.#hasSpokenLast) return
    let message: MessageFromProcess
    try {
      message = readMessageFromProcess(value)
    } catch (thrown) {
      this.#hasSpokenLast = true
      this.#emit({ kind: 'broken', error: { ...toErrorData(thrown), path: this.#job.output } })
      this.kill()
      return
    }
    this.#hasSpokenLast = isEnd(message)
    if (this.#hasSpokenLast) this.#dismiss()
    this.#emit({ kind: 'message', message })
  }

  /** The process may go, and must within the limit. */
  #dismiss(): void {
    this.#post({ kind: 'acknowledge' })
    if (!this.#isKilled) this.#wait(this.#limits.exitMs, () => this.kill())
  }

  #noteExit(exit: ProcessExit): void {
    if (this.#isGone) return
    this.#isGone = true
    clearTimeout(this.#timer)
    this.#emit({ kind: 'exited', exit, path: this.#job.output })
    this.#resolveGone()
  }

  #wait(limitMs: number, act: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(act, limitMs)
  }

  #post(message: MessageToProcess): void {
    if (!this.#isGone && !this.#isKilled) this.#process.post(message)
  }
}

function isEnd({ kind }: MessageFromProcess): boolean {
  return kind === 'done' || kind === 'failed' || kind === 'cancelled'
}
