import type { JobPhase, JobProgress } from '../../../src-preload/contract.ts'

/** The last minutes in detail, the whole job in outline; both of bounded length. Counters add up, so a longer step between two samples loses no byte. */

export const RECENT_SECONDS = 120
/** Five samples a second, a little less so that each second one of ten progress messages counts also where their clock trembles. */
const RECENT_STEP_SECONDS = 0.18
/** Samples of the whole job; when they are full, every other one goes. */
const WHOLE_LENGTH = 600

export interface JobSeries {
  /** The last 120 s, five samples a second; the newest is always the last progress. */
  readonly recent: readonly JobProgress[]
  readonly whole: readonly JobProgress[]
  readonly wholeStepSeconds: number
  /** Seconds of the job at which a phase was first seen; a window that came later does not know all. */
  readonly phaseStarts: Readonly<Partial<Record<JobPhase, number>>>
}

export const EMPTY_SERIES: JobSeries = {
  recent: [],
  whole: [],
  wholeStepSeconds: RECENT_STEP_SECONDS,
  phaseStarts: {},
}

/** The series with one more progress. Time that runs backwards means that the job was started again: then it begins anew. */
export function recordProgress(series: JobSeries, progress: JobProgress): JobSeries {
  const last = series.recent.at(-1)
  if (last !== undefined && progress.seconds < last.seconds) return recordProgress(EMPTY_SERIES, progress)
  const whole = addSample(series.whole, progress, series.wholeStepSeconds)
  const isTooLong = whole.length > WHOLE_LENGTH
  return {
    recent: addSample(series.recent, progress, RECENT_STEP_SECONDS).filter(
      ({ seconds }) => seconds >= progress.seconds - RECENT_SECONDS,
    ),
    whole: isTooLong ? thinOut(whole) : whole,
    wholeStepSeconds: isTooLong ? series.wholeStepSeconds * 2 : series.wholeStepSeconds,
    phaseStarts: { [progress.phase]: progress.seconds, ...series.phaseStarts },
  }
}

/** The newest sample is replaced as long as it is too close to the one before it; the highest level that it saw stays. */
function addSample(
  samples: readonly JobProgress[],
  progress: JobProgress,
  stepSeconds: number,
): readonly JobProgress[] {
  const newest = samples.at(-1)
  const before = samples.at(-2)
  if (newest === undefined || before === undefined) return [...samples, progress]
  if (newest.seconds - before.seconds >= stepSeconds) return [...samples, progress]
  return [...samples.slice(0, -1), keepHighest(newest, progress)]
}

/** Every other sample, so that the counters of the others are in their successors. */
function thinOut(samples: readonly JobProgress[]): readonly JobProgress[] {
  return samples.flatMap((sample, index) => {
    const isKept = index === 0 || (samples.length - 1 - index) % 2 === 0
    if (!isKept) return []
    const skipped = index >= 2 ? samples[index - 1] : undefined
    return skipped === undefined ? sample : keepHighest(skipped, sample)
  })
}

function keepHighest(earlier: JobProgress, later: JobProgress): JobProgress {
  if (earlier.queuedBytes <= later.queuedBytes) return later
  const { queuedBytes, writeQueueSize } = earlier
  return { ...later, queuedBytes, writeQueueSize }
}
