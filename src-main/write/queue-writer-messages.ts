import type { PackedError } from '../hdf5/thread-errors.ts'
import type { PackedFrames } from './packed-frames.ts'
import type { QueueWriterArguments } from './queue-writer-base.ts'

/** What a queue writer and the process in which it writes tell each other, in order; everything is plain data. */

/** What of the arguments crosses as it is. */
export type WriterSettings = Pick<
  QueueWriterArguments,
  'hdf5DatasetKwargs' | 'writeThreshold' | 'frameOffset' | 'acceptMissingFrames'
> & {
  /** Absolute: the process may have another working folder. */
  readonly pathOut: string
  /** Events of each frame, -1 where not known yet. */
  readonly counts: Int32Array
}

export type ToWriterProcess =
  /** The first message, once. `buffer`: frames that arrived already. */
  | { readonly kind: 'start'; readonly settings: WriterSettings; readonly buffer: PackedFrames }
  | { readonly kind: 'frames'; readonly frames: PackedFrames }
  /** Numbers of events that became known: position, count, position, count, ... */
  | { readonly kind: 'counts'; readonly pairs: readonly number[] }
  /** No frame comes at this position or behind it. */
  | { readonly kind: 'end-at'; readonly frameCount: number }
  /** No frame comes any more: the event queue was closed, or failed. */
  | { readonly kind: 'end'; readonly failure?: PackedError | undefined }
  /** The end message was heard: the process may go. */
  | { readonly kind: 'acknowledge' }

export type LogLevel = 'info' | 'warning' | 'error'

export type FromWriterProcess =
  /** So many more frames were taken over, in the order in which they were sent: there is room again. */
  | { readonly kind: 'taken'; readonly frames: number }
  /** So many bytes of frames came to their turn, and frames below this index are waited for. */
  | { readonly kind: 'placed'; readonly bytes: number; readonly awaitedStop: number }
  | {
      readonly kind: 'counters'
      readonly writeQueueSize: number
      readonly writtenEvents: number
      readonly writtenFrames: number
    }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly message: string }
  /** The end message, exactly one: the output is complete, or why it is not. */
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: PackedError }
