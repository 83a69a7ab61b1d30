import type { OutcomeFigures, QueueRow } from '../../../src-preload/contract.ts'
import { isComplete } from './judge-content.ts'

/** What became of the bytes of an input. Only where all of it is in the output is the difference the work of compression alone. */
export type SizeComparison =
  | {
      readonly kind: 'smaller' | 'larger' | 'same'
      /** Of the size before: how much less or more it is now. */
      readonly share: number
      /** How many times the output fits into the input. */
      readonly ratio: number
      readonly savedBytes: number
    }
  /** A part was left out; `savedBytes` is what compression made of the rest, negative where that grew. */
  | { readonly kind: 'partly'; readonly leftOutBytes: number; readonly savedBytes: number }
  /** Features came from basins: the output holds more than its input. */
  | { readonly kind: 'copiedIn' }
  /** A part was left out, and how large it is was not summed up. */
  | { readonly kind: 'unclear' }

/** Less than this is told as no difference. */
const SMALLEST_SHARE = 0.005

/** Compares the size of an output with that of its input; null where either is empty or there is no input. */
export function compareSizes(figures: OutcomeFigures, job: QueueRow['job']): SizeComparison | null {
  const { inputBytes, bytesWritten, content } = figures
  if (inputBytes === null || inputBytes === 0 || bytesWritten === 0) return null
  if ((content?.copiedIn ?? 0) > 0) return { kind: 'copiedIn' }
  if (!(isComplete(figures) ?? asksForAll(job))) {
    const leftOutBytes = content?.leftOutBytes ?? null
    if (leftOutBytes === null) return { kind: 'unclear' }
    return { kind: 'partly', leftOutBytes, savedBytes: inputBytes - leftOutBytes - bytesWritten }
  }
  const savedBytes = inputBytes - bytesWritten
  const share = Math.abs(savedBytes) / inputBytes
  const kind = share < SMALLEST_SHARE ? 'same' : savedBytes > 0 ? 'smaller' : 'larger'
  return { kind, share, ratio: inputBytes / bytesWritten, savedBytes }
}

/** For jobs of which an earlier version did not tell what was left out. */
function asksForAll(job: QueueRow['job']): boolean {
  if (job.task !== 'rewrite') return false
  const { features, events, metadata } = job
  return features === 'all' && events.kind === 'all' && metadata.logs && metadata.tables
}

/** Bytes that are to be compared with those of the output; null: nothing is. */
export interface CompressedBytes {
  readonly before: number
  readonly savedBytes: number
}

/** What compression alone did, for sums over jobs: without what was left out. */
export function measureCompression(figures: OutcomeFigures, job: QueueRow['job']): CompressedBytes | null {
  const compared = compareSizes(figures, job)
  if (compared === null || compared.kind === 'copiedIn' || compared.kind === 'unclear') return null
  const leftOutBytes = compared.kind === 'partly' ? compared.leftOutBytes : 0
  return { before: (figures.inputBytes ?? 0) - leftOutBytes, savedBytes: compared.savedBytes }
}

/** Lengths of the bars of two sizes, 0 to 1; the longer one is 1. */
export function scaleBars(beforeBytes: number | null, afterBytes: number): { before: number; after: number } {
  const longest = Math.max(beforeBytes ?? 0, afterBytes, 1)
  return { before: (beforeBytes ?? 0) / longest, after: afterBytes / longest }
}
