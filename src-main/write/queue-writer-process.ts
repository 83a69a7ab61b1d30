import { resolve } from 'node:path'
import { InvalidInput } from '../errors.ts'
import type { LogQueue } from './logger.ts'
import { QueueWriterBase, type QueueWriterArguments, type QueueWriterRun } from './queue-writer-base.ts'
import type { LogLevel } from './queue-writer-messages.ts'
import { startWriterProcess, type StartProcess, type WriterProcess } from './writer-process.ts'
import { WriterTalk } from './writer-talk.ts'

/** As for QueueWriterThread, but for what cannot cross: the output is a path, its filter pool and disk are the process's own. */
export interface QueueWriterProcessArguments extends Omit<QueueWriterArguments, 'pathOut' | 'pool' | 'disk'> {
  /** A file there is replaced. */
  readonly pathOut: string
  /** Gets what the process logs, beside `logger`. */
  readonly logQueue?: LogQueue | undefined
  /** Left out: a child process of plain Node. Under Electron: `startUtilityProcess(utilityProcess)`. */
  readonly startProcess?: StartProcess | undefined
}

/** Arguments of a QueueWriterThread that a caller without types may give. */
const CANNOT_CROSS = ['pool', 'disk'] as const

/**
 * A queue writer in a process of its own: sorting, compressing and writing cost the caller's process nothing but the sending
 * of frames. dcnum: `QueueWriterProcess`.
 *
 * Same file, same errors as QueueWriterThread. At most 32 MiB of frames (or one larger frame) are on their way, the rest waits in the
 * event queue. Counters follow with a short delay and are right once `run` has ended. If the caller's process dies, the other one
 * completes the file with the frames that it has, and ends.
 */
export class QueueWriterProcess extends QueueWriterBase {
  readonly logQueue: LogQueue | undefined
  readonly #path: string
  readonly #startProcess: StartProcess | undefined

  /** Throws InvalidInput (E_USAGE) for arguments that cannot cross to another process. */
  constructor(options: QueueWriterProcessArguments) {
    super(options)
    this.logQueue = options.logQueue
    this.#startProcess = options.startProcess
    const given: Partial<Record<string, unknown>> = { ...options }
    const uncrossable = CANNOT_CROSS.find((name) => given[name] !== undefined)
    if (uncrossable) throw refuse(uncrossable, 'the process has its own')
    if (typeof this.pathOut !== 'string') throw refuse('pathOut', 'give the path of the output')
    this.#path = resolve(this.pathOut)
  }

  /**
   * Starts the process, works until every frame is in the output and the process is gone.
   *
   * Rejects as QueueWriterThread does, and with ProcessGone (E_GONE) if the process died: then producers are released with that error,
   * and the output is incomplete. `writerDq` cannot be given (E_USAGE): that queue is in the process.
   */
  override async run(run: QueueWriterRun = {}): Promise<void> {
    if (run.writerDq) throw refuse('writerDq', 'the queue of what waits to be written is in the process')
    this.claimRun()
    const { hdf5DatasetKwargs, writeThreshold, frameOffset, writeQueueSize, writtenEvents, writtenFrames } =
      this
    const talk = new WriterTalk({
      process: this.#start(),
      eventQueue: this.eventQueue,
      featNevents: this.featNevents,
      frameOffset,
      counters: { writeQueueSize, writtenEvents, writtenFrames },
      onLog: (level, message) => this.#log(level, message),
    })
    const { acceptMissingFrames } = this.options
    const settings = { hdf5DatasetKwargs, writeThreshold, frameOffset, acceptMissingFrames }
    await talk.run({ ...settings, pathOut: this.#path }, run.bufferDq ?? [])
  }

  #start(): WriterProcess {
    try {
      return startWriterProcess(this.#startProcess)
    } catch (thrown) {
      this.eventQueue.fail(thrown)
      throw thrown
    }
  }

  #log(level: LogLevel, message: string): void {
    this.logger[level](message)
    this.logQueue?.put({ level, message, createdMs: Date.now() })
  }
}

function refuse(argument: string, reason: string): InvalidInput {
  const message = `${argument} cannot be given to a queue writer in another process: ${reason}`
  return new InvalidInput('E_USAGE', message)
}
