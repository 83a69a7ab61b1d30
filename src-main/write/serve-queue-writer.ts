import { assertNever, ProcessGone } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { packError, unpackError } from '../hdf5/thread-errors.ts'
import { EventQueue, type FrameEntry } from './event-queue.ts'
import { FeatNevents } from './feat-nevents.ts'
import type { Counter, Logger } from './logger.ts'
import { FrameUnpacker, type PackedFrames } from './packed-frames.ts'
import type { ParentPort } from './parent-port.ts'
import type { FromWriterProcess, ToWriterProcess, WriterSettings } from './queue-writer-messages.ts'
import { QueueWriterThread } from './queue-writer-thread.ts'

export interface QueueWriterSurroundings {
  readonly port: ParentPort<FromWriterProcess>
  readonly disk: DiskPort
  /** Ends this process. */
  readonly exit: (code: number) => void
}

/** A parent that lives but does not acknowledge is not waited for longer. */
const ACKNOWLEDGE_MS = 10_000

/**
 * The other end of a QueueWriterProcess: a QueueWriterThread whose frames, counts and news come and go as messages. Sends exactly one
 * end message and goes when that was acknowledged. If the parent is gone, completes the output with what arrived, then goes.
 */
export class QueueWriterServer {
  readonly #surroundings: QueueWriterSurroundings
  readonly #unpacker = new FrameUnpacker()
  readonly #eventQueue = new TalkingQueue({
    onTaken: () => this.#noteTaken(),
    onPlaced: () => this.#plan(),
  })
  #featNevents = new FeatNevents(0)
  #writer: QueueWriterThread | undefined
  #takenFrames = 0
  #hasNews = false
  #hasEnded = false
  #isOrphan = false

  constructor(surroundings: QueueWriterSurroundings) {
    this.#surroundings = surroundings
    // What came was sent by this very program's other end.
    surroundings.port.onMessage((message) => this.#receive(message as ToWriterProcess))
    surroundings.port.onClose(() => this.#leaveOrphaned())
  }

  /** Something was thrown that nobody caught: nothing more can be promised of the output. */
  fail(thrown: unknown): void {
    this.#end({ kind: 'failed', failure: packError(thrown) })
  }

  #receive(message: ToWriterProcess): void {
    switch (message.kind) {
      case 'start':
        void this.#work(message.settings, message.buffer)
        return
      case 'frames':
        for (const entry of this.#unpacker.unpack(message.frames)) this.#put(entry)
        return
      case 'counts':
        this.#setCounts(message.pairs)
        return
      case 'end-at':
        this.#featNevents.endAt(message.frameCount)
        return
      case 'end':
        if (message.failure) this.#eventQueue.fail(unpackError(message.failure))
        else this.#eventQueue.close()
        return
      case 'acknowledge':
        this.#surroundings.exit(0)
        return
      default:
        assertNever(message)
    }
  }

  async #work(settings: WriterSettings, buffer: PackedFrames): Promise<void> {
    const { counts, ...rest } = settings
    this.#featNevents = FeatNevents.of(counts)
    try {
      this.#writer = new QueueWriterThread({
        ...rest,
        eventQueue: this.#eventQueue,
        featNevents: this.#featNevents,
        writeQueueSize: this.#watchedCounter(),
        logger: this.#makeLogger(),
        disk: this.#surroundings.disk,
      })
      await this.#writer.run({ bufferDq: this.#unpacker.unpack(buffer) })
      this.#end({ kind: 'done' })
    } catch (thrown) {
      this.#end({ kind: 'failed', failure: packError(thrown) })
    }
  }

  #put({ frameIndex, events }: FrameEntry): void {
    this.#eventQueue.give(frameIndex, events).catch((thrown: unknown) => {
      // Refused because the writer stopped: its end message says why.
      if (!this.#eventQueue.isEnded) this.fail(thrown)
    })
  }

  #setCounts(pairs: readonly number[]): void {
    for (let index = 0; index + 1 < pairs.length; index += 2)
      this.#featNevents.set(pairs[index] ?? 0, pairs[index + 1] ?? 0)
  }

  #noteTaken(): void {
    this.#takenFrames += 1
    this.#plan()
  }

  /** The chunk writer sets it after each piece, and when the other counters have changed. */
  #watchedCounter(): Counter {
    let value = 0
    const plan = (): void => this.#plan()
    return {
      get value() {
        return value
      },
      set value(next) {
        value = next
        plan()
      },
    }
  }

  #makeLogger(): Logger {
    const post =
      (level: 'info' | 'warning' | 'error') =>
      (message: string): void =>
        this.#post({ kind: 'log', level, message })
    return { info: post('info'), warning: post('warning'), error: post('error') }
  }

  /** News of one turn of the event loop travel together. */
  #plan(): void {
    if (this.#hasNews) return
    this.#hasNews = true
    setImmediate(() => this.#tellNews())
  }

  #tellNews(): void {
    this.#hasNews = false
    const frames = this.#takenFrames
    this.#takenFrames = 0
    if (frames > 0) this.#post({ kind: 'taken', frames })
    const placed = this.#eventQueue.takeNews()
    if (placed) this.#post({ kind: 'placed', ...placed })
    if (!this.#writer) return
    const { writeQueueSize, writtenEvents, writtenFrames } = this.#writer
    this.#post({
      kind: 'counters',
      writeQueueSize: writeQueueSize.value,
      writtenEvents: writtenEvents.value,
      writtenFrames: writtenFrames.value,
    })
  }

  #post(message: FromWriterProcess): void {
    if (!this.#hasEnded && !this.#isOrphan) this.#surroundings.port.post(message)
  }

  #end(message: FromWriterProcess): void {
    if (this.#hasEnded) return
    this.#tellNews()
    this.#post(message)
    this.#hasEnded = true
    if (this.#isOrphan) this.#surroundings.exit(0)
    else setTimeout(() => this.#surroundings.exit(0), ACKNOWLEDGE_MS)
  }

  #leaveOrphaned(): void {
    this.#isOrphan = true
    if (this.#hasEnded || !this.#writer) this.#surroundings.exit(0)
    else this.#eventQueue.fail(new ProcessGone('E_GONE', 'the process that sent the frames is gone'))
  }
}

interface QueueListener {
  onTaken(): void
  onPlaced(): void
}

/** Tells of each frame that the queue writer took over, and of what it waits for: holding producers back is the other end's. */
class TalkingQueue extends EventQueue {
  readonly #listener: QueueListener
  #placed: { readonly bytes: number; readonly awaitedStop: number } | undefined
  #stop = 0

  constructor(listener: QueueListener) {
    super(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
    this.#listener = listener
  }

  override noteReleased(bytes: number): void {
    super.noteReleased(bytes)
    this.#notePlaced(bytes)
  }

  override awaitFrames(stop: number): void {
    super.awaitFrames(stop)
    this.#stop = stop
    this.#notePlaced(0)
  }

  /** What was placed since it was asked last. */
  takeNews(): { readonly bytes: number; readonly awaitedStop: number } | undefined {
    const news = this.#placed
    this.#placed = undefined
    return news
  }

  #notePlaced(bytes: number): void {
    this.#placed = { bytes: (this.#placed?.bytes ?? 0) + bytes, awaitedStop: this.#stop }
    this.#listener.onPlaced()
  }

  override shift(): FrameEntry | undefined {
    const entry = super.shift()
    if (entry) this.#listener.onTaken()
    return entry
  }
}
