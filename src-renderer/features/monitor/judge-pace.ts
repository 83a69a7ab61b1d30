import type { JobProgress } from '../../../src-preload/contract.ts'

/** Sooner nothing is said. */
const MIN_SECONDS = 5
/** A little less is no miss. */
const MISSED_SHARE = 0.9

export interface WantedPace {
  /** Seconds of the job at which frames began to come. */
  readonly start: number
  /** Frames a second. */
  readonly rate: number
  /** Frames that wait for their order: they have come, but are not counted before they are stored together. */
  readonly threshold: number
}

/** Frames a second that a recording has reached so far, where that is too few; null: it keeps the pace, or it is too early to say. */
export function judgeRunningPace(
  { seconds, writtenFrames }: JobProgress,
  { start, rate, threshold }: WantedPace,
): number | null {
  const passed = seconds - start
  if (passed < MIN_SECONDS || writtenFrames === 0) return null
  const mayHaveCome = writtenFrames + 2 * threshold
  return mayHaveCome < rate * passed * MISSED_SHARE ? writtenFrames / passed : null
}
