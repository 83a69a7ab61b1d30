import { assertNever, Cancelled, Internal, toErrorData, toWeirError, type Warning } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { readMessageToProcess, type MessageFromProcess, type MessageToProcess } from '../jobs/job-messages.ts'
import { fitErrorData, fitWarning } from '../jobs/job-report.ts'
import type { Job } from '../jobs/job-schema.ts'
import { checkBasinsJob } from './check-basins-job.ts'
import { checkRecord } from './check-record.ts'
import { checkRewrite } from './check-rewrite.ts'
import type { CheckedJob, RecordContext } from './job-context.ts'
import type { ParentPort } from './parent-port.ts'

export interface JobSurroundings {
  readonly port: ParentPort<MessageFromProcess>
  readonly disk: DiskPort
  /** Ends this process. */
  readonly exit: (code: number) => void
  /** Called before the job begins, so that its threads inherit it. */
  readonly lowerPriority: () => void
}

/** A parent that lives but does not acknowledge is not waited for longer. */
const ACKNOWLEDGE_MS = 10_000
/** An orphan has this long to put away its temporary file. */
const ORPHAN_MS = 4_000

/**
 * Does the one job that the parent asks for and sends exactly one end message: done, failed or cancelled. Goes when that was
 * acknowledged, or when the parent is gone: then the job is aborted first.
 */
export class JobServer {
  readonly #surroundings: JobSurroundings
  readonly #cancel = new AbortController()
  readonly #stop = new AbortController()
  readonly #toldWarnings = new Set<string>()
  #isStarted = false
  #hasEnded = false
  #isOrphan = false
  /** Why the job has to fail although it was only asked to cancel. */
  #trouble: unknown

  constructor(surroundings: JobSurroundings) {
    this.#surroundings = surroundings
    surroundings.port.onMessage((value) => this.#receive(value))
    surroundings.port.onClose(() => this.#leaveOrphaned())
  }

  /** Something was thrown that nobody caught: the job has failed, whatever still runs. */
  fail(thrown: unknown): void {
    this.#cancel.abort()
    this.#end({ kind: 'failed', error: fitErrorData(toErrorData(thrown)) })
  }

  #receive(value: unknown): void {
    let message: MessageToProcess
    try {
      message = readMessageToProcess(value)
    } catch (thrown) {
      this.#giveUp(thrown)
      return
    }
    switch (message.kind) {
      case 'start':
        if (this.#isStarted) this.#giveUp(new Internal('the process of a job was given a second one'))
        else void this.#work(message.job)
        return
      case 'cancel':
        this.#cancel.abort()
        return
      case 'stop':
        this.#stop.abort()
        return
      case 'acknowledge':
        if (this.#hasEnded) this.#surroundings.exit(0)
        return
      default:
        assertNever(message)
    }
  }

  /** A job at work is stopped first, so that it leaves nothing behind. */
  #giveUp(thrown: unknown): void {
    if (!this.#isStarted) {
      this.fail(thrown)
      return
    }
    this.#trouble ??= thrown
    this.#cancel.abort()
  }

  async #work(job: Job): Promise<void> {
    this.#isStarted = true
    try {
      this.#surroundings.lowerPriority()
      this.#end(await this.#run(job))
    } catch (thrown) {
      this.#end(this.#describeEnd(thrown))
    }
  }

  async #run(job: Job): Promise<MessageFromProcess> {
    const context = this.#makeContext(job)
    const checked = await checkJob(job, context)
    const { input, output, totalEvents, estimatedBytes } = checked
    for (const warning of checked.warnings) this.#warn(warning)
    this.#post({ kind: 'checked', figures: { input, output, totalEvents, estimatedBytes } })
    const { warnings, ...figures } = await checked.run(context)
    for (const warning of warnings) this.#warn(warning)
    return { kind: 'done', figures }
  }

  #makeContext(job: Job): RecordContext {
    // Nothing of a rewrite or a basin file is worth keeping half: to stop it is to cancel it.
    const isRecording = job.task === 'record'
    const cancelSignal = this.#cancel.signal
    return {
      disk: this.#surroundings.disk,
      signal: isRecording ? cancelSignal : AbortSignal.any([cancelSignal, this.#stop.signal]),
      stopSignal: this.#stop.signal,
      reportProgress: (progress) => this.#post({ kind: 'progress', progress }),
      reportWarning: (warning) => this.#warn(warning),
    }
  }

  /** The same warning may come while checking, while running and with the outcome. */
  #warn(warning: Warning): void {
    const fitting = fitWarning(warning)
    const key = JSON.stringify([fitting.code, fitting.message, fitting.path, fitting.object])
    if (this.#toldWarnings.has(key)) return
    this.#toldWarnings.add(key)
    this.#post({ kind: 'warning', warning: fitting })
  }

  #describeEnd(thrown: unknown): MessageFromProcess {
    if (this.#trouble !== undefined) {
      return { kind: 'failed', error: fitErrorData(toErrorData(this.#trouble)) }
    }
    const isAsked = this.#cancel.signal.aborted || this.#stop.signal.aborted
    const isAbort = isAsked && thrown instanceof Error && thrown.name === 'AbortError'
    const error = isAbort ? new Cancelled() : toWeirError(thrown)
    return {
      kind: error instanceof Cancelled ? 'cancelled' : 'failed',
      error: fitErrorData(toErrorData(error)),
    }
  }

  #post(message: MessageFromProcess): void {
    if (!this.#hasEnded && !this.#isOrphan) this.#surroundings.port.post(message)
  }

  #end(message: MessageFromProcess): void {
    if (this.#hasEnded) return
    this.#post(message)
    this.#hasEnded = true
    if (this.#isOrphan) this.#surroundings.exit(0)
    else setTimeout(() => this.#surroundings.exit(0), ACKNOWLEDGE_MS)
  }

  #leaveOrphaned(): void {
    this.#isOrphan = true
    this.#cancel.abort()
    if (this.#hasEnded || !this.#isStarted) this.#surroundings.exit(0)
    else setTimeout(() => this.#surroundings.exit(1), ORPHAN_MS)
  }
}

function checkJob(job: Job, context: RecordContext): Promise<CheckedJob> {
  switch (job.task) {
    case 'rewrite':
      return checkRewrite(job, context)
    case 'record':
      return checkRecord(job, context)
    case 'basins':
      return checkBasinsJob(job, context)
    default:
      return assertNever(job)
  }
}
