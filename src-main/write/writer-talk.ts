import { assertNever, Cancelled, InvalidInput, ProcessGone, toWeirError, type WeirError } from '../errors.ts'
import { packError, unpackError, type PackedError } from '../hdf5/thread-errors.ts'
import { countEventBytes, type EventQueue, type FrameEntry } from './event-queue.ts'
import type { FeatNevents } from './feat-nevents.ts'
import { FramesMissing } from './frame-collector.ts'
import { FramesInFlight } from './frames-in-flight.ts'
import type { Counter } from './logger.ts'
import { FramePacker } from './packed-frames.ts'
import type { FromWriterProcess, LogLevel, ToWriterProcess, WriterSettings } from './queue-writer-messages.ts'
import type { WriterProcess, WriterProcessExit } from './writer-process.ts'

export interface WriterTalkParts {
  readonly process: WriterProcess
  readonly eventQueue: EventQueue
  readonly featNevents: FeatNevents
  readonly frameOffset: number
  readonly counters: Readonly<Record<'writeQueueSize' | 'writtenEvents' | 'writtenFrames', Counter>>
  readonly onLog: (level: LogLevel, message: string) => void
}

/** Frames on their way, in bytes: enough to keep the other process busy, little beside what the queues hold. */
const IN_FLIGHT_BYTES = 32 * 2 ** 20
/** Small frames travel together, up to this many bytes. */
const MESSAGE_BYTES = 2 ** 20
/** How long the process may take to go after its end message before it is killed. */
const EXIT_MS = 5_000

/** The caller's end of a QueueWriterProcess, from the start of the process until it is gone. */
export class WriterTalk {
  readonly #parts: WriterTalkParts
  readonly #packer = new FramePacker()
  readonly #inFlight = new FramesInFlight(IN_FLIGHT_BYTES)
  #pairs: number[] = []
  #outcome: { readonly error: WeirError | undefined } | undefined
  #exitTimer: NodeJS.Timeout | undefined
  #hasToldOfHold = false

  constructor(parts: WriterTalkParts) {
    this.#parts = parts
  }

  /** Resolves once the output is finished and the process gone. Rejects with the process's error, or ProcessGone (E_GONE). */
  async run(settings: Omit<WriterSettings, 'counts'>, buffer: readonly FrameEntry[]): Promise<void> {
    const { process, featNevents } = this.#parts
    const gone = new Promise<void>((resolve) =>
      process.onExit((exit) => {
        this.#noteExit(exit, settings.pathOut)
        resolve()
      }),
    )
    process.onMessage((message) => this.#hear(message as FromWriterProcess))
    const unfollow = featNevents.follow({
      onCount: (position, count) => this.#noteCount(position, count),
      onEnd: (frameCount) => this.#post({ kind: 'end-at', frameCount }),
    })
    const counts = featNevents.slice(0, featNevents.length)
    this.#parts.eventQueue.awaitFrames(this.#parts.frameOffset + (settings.writeThreshold ?? 1))
    for (const { events } of buffer) this.#parts.eventQueue.noteKept(countEventBytes(events))
    try {
      this.#post({ kind: 'start', settings: { ...settings, counts }, buffer: this.#packer.pack(buffer) })
      await this.#sendFrames()
    } catch (thrown) {
      // What cannot be sent cannot be written either.
      this.#end(toWeirError(thrown))
      process.kill()
    }
    await gone
    unfollow()
    if (this.#outcome?.error) throw this.#outcome.error
  }

  async #sendFrames(): Promise<void> {
    const { eventQueue } = this.#parts
    for (;;) {
      await this.#inFlight.waitForRoom()
      if (this.#outcome) return
      const entries = this.#takeEntries()
      if (entries.length > 0) {
        this.#post({ kind: 'frames', frames: this.#packer.pack(entries) })
      } else if (eventQueue.isEnded) {
        const { failure } = eventQueue
        this.#post({ kind: 'end', failure: failure && packError(failure.error) })
        return
      } else {
        if (eventQueue.isHoldingBack) this.#tellOfHold()
        await eventQueue.arrivals.wait()
      }
    }
  }

  #tellOfHold(): void {
    if (this.#hasToldOfHold) return
    this.#hasToldOfHold = true
    const { eventQueue, onLog } = this.#parts
    onLog('warning', eventQueue.describeHold())
  }

  #takeEntries(): FrameEntry[] {
    const entries: FrameEntry[] = []
    for (let bytes = 0; bytes < MESSAGE_BYTES && this.#inFlight.hasRoom;) {
      const entry = this.#parts.eventQueue.shift()
      if (!entry) break
      const entryBytes = countEventBytes(entry.events)
      this.#inFlight.add(entry.frameIndex, entryBytes)
      this.#parts.eventQueue.noteKept(entryBytes)
      entries.push(entry)
      bytes += entryBytes
    }
    return entries
  }

  /** Counts that are said in one go travel together. */
  #noteCount(position: number, count: number): void {
    if (this.#pairs.length === 0) queueMicrotask(() => this.#sendCounts())
    this.#pairs.push(position, count)
  }

  #sendCounts(): void {
    if (this.#pairs.length === 0) return
    const pairs = this.#pairs
    this.#pairs = []
    this.#parts.process.post({ kind: 'counts', pairs } satisfies ToWriterProcess)
  }

  /** Counts first, so that all arrives in the order in which it was said. */
  #post(message: ToWriterProcess): void {
    if (this.#outcome) return
    this.#sendCounts()
    this.#parts.process.post(message)
  }

  #hear(message: FromWriterProcess): void {
    const { counters, onLog } = this.#parts
    switch (message.kind) {
      case 'taken':
        this.#inFlight.take(message.frames)
        return
      case 'placed':
        this.#parts.eventQueue.noteReleased(message.bytes)
        this.#parts.eventQueue.awaitFrames(message.awaitedStop)
        return
      case 'counters':
        counters.writeQueueSize.value = message.writeQueueSize
        counters.writtenEvents.value = message.writtenEvents
        counters.writtenFrames.value = message.writtenFrames
        return
      case 'log':
        onLog(message.level, message.message)
        return
      case 'done':
        this.#dismiss()
        this.#end(this.#findLateFrame())
        return
      case 'failed':
        this.#dismiss()
        this.#end(this.#restoreError(message.failure))
        return
      default:
        assertNever(message)
    }
  }

  /** The process may go, and must within the limit. */
  #dismiss(): void {
    const { process } = this.#parts
    process.post({ kind: 'acknowledge' } satisfies ToWriterProcess)
    this.#exitTimer = setTimeout(() => process.kill(), EXIT_MS)
  }

  /** Releases everyone who waits; the first end stays. */
  #end(error: WeirError | undefined): void {
    if (this.#outcome) return
    this.#outcome = { error }
    if (error) this.#parts.eventQueue.fail(error)
    else this.#parts.eventQueue.close()
    this.#inFlight.giveUp()
  }

  #noteExit(exit: WriterProcessExit, path: string): void {
    clearTimeout(this.#exitTimer)
    const how = exit.reason ?? `code ${exit.code ?? 'unknown'}`
    const words = exit.lastWords === '' ? '' : `: ${exit.lastWords}`
    const message = `the process that wrote ${path} is gone (${how}${words}); the output is incomplete, write it again`
    this.#end(new ProcessGone('E_GONE', message, { path }))
  }

  /** All frames are in the output; one more is one too many. The other process may not have seen it any more. */
  #findLateFrame(): WeirError | undefined {
    const { eventQueue, featNevents, frameOffset } = this.#parts
    const frameIndex = this.#inFlight.oldest ?? eventQueue.shift()?.frameIndex
    if (frameIndex === undefined) return undefined
    const position = frameIndex - frameOffset
    const what =
      position >= 0 && position < featNevents.length ? 'was added twice' : 'came behind the last frame'
    return new InvalidInput('E_FRAME', `frame ${frameIndex} ${what}`, { actual: frameIndex })
  }

  /** The error as QueueWriterThread gives it: with what ended the event queue as its cause, or as it is. */
  #restoreError(packed: PackedError): WeirError {
    const cause = this.#parts.eventQueue.failure?.error
    if (packed.tag === 'Cancelled' && cause instanceof Cancelled) return cause
    const error = unpackError(packed)
    if (error.code !== 'E_FRAMES') return error
    return new FramesMissing(error.code, error.message, {
      expected: error.expected,
      actual: error.actual,
      cause,
    })
  }
}
