import { RECENT_SECONDS } from './record-series.ts'

/** Lengths of the time axis while a job is young: it grows by steps, so that the lines do not shrink all the time. */
const YOUNG_SECONDS = [15, 30, 60] as const

/** From and to of the time axis, in seconds of the job: the last 120 s, or less while there is less. */
export function pickRecentRange(end: number): readonly [number, number] {
  const young = YOUNG_SECONDS.find((seconds) => end <= seconds)
  return young === undefined ? [Math.max(0, end - RECENT_SECONDS), Math.max(RECENT_SECONDS, end)] : [0, young]
}
