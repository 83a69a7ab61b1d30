import type { Attribute } from '../hdf5/model.ts'
import type { RowData } from './row-data.ts'
import type { FrameEvents } from '../write/event-queue.ts'

/** Where a recording's frames come from. A frame has an index from 0 and any number of events. */
export interface RecordSource {
  /** Input file, for the log and the result; null: there is none. */
  readonly inputPath: string | null
  readonly frameCount: number
  readonly totalEvents: number
  /** Raw bytes of one event, roughly; sizes the blocks. */
  readonly eventBytes: number
  /** Root attributes of the recording, without `experiment:event count`. */
  readonly attributes: readonly Attribute[]
  /** Features of which it is known beforehand what an event of theirs is; they exist in the output even if no event comes. */
  readonly features: readonly RowData[]
  countEvents(frameIndex: number): number
  /** One of several that work side by side. */
  openReader(): Promise<FrameBlockReader>
  close(): Promise<void>
}

export interface FrameBlockReader {
  /** Events of the frames `start` to `stop` (excluded), one entry a frame. */
  readFrames(start: number, stop: number): Promise<readonly FrameEvents[]>
}
