import { assertNever } from '../../assert-never.ts'
import type { JobProgress } from '../../../src-preload/contract.ts'
import { HIGH_SHARE } from './judge-fill.ts'

/** Judged over this time, so that the word does not change with every chunk. */
const WINDOW_SECONDS = 3
/** Less tells nothing. */
const MIN_SECONDS = 1
const LOW_SHARE = 0.25
/** A part that is busy for more than this share of the time is taken for the one that limits. */
const BUSY_SHARE = 0.7

/** What a job cannot go faster than; each has a sentence in the texts. */
export type Limit =
  | 'unknown'
  | 'checking'
  | 'compressing'
  | 'disk'
  | 'writing'
  | 'reading'
  | 'processors'
  | 'source'
  | 'balanced'
  | 'metadata'
  | 'readingBack'
  | 'committing'

export interface LimitQuestion {
  readonly recent: readonly JobProgress[]
  /** A recording whose source was given a number of frames a second. */
  readonly isPaced: boolean
}

/** Names what limits a running job, from the level of its queue and how busy filter threads and disk were in the last 3 s. */
export function judgeLimit({ recent, isPaced }: LimitQuestion): Limit {
  const last = recent.at(-1)
  if (last === undefined) return 'unknown'
  switch (last.phase) {
    case 'check':
      return 'checking'
    case 'metadata':
      return 'metadata'
    case 'verify':
      return 'readingBack'
    case 'commit':
      return 'committing'
    case 'copy':
    case 'record':
      return judgeFlow(recent, last, isPaced)
    default:
      return assertNever(last.phase)
  }
}

function judgeFlow(recent: readonly JobProgress[], last: JobProgress, isPaced: boolean): Limit {
  const samples = recent.filter(
    ({ seconds, phase }) => phase === last.phase && last.seconds - seconds <= WINDOW_SECONDS,
  )
  const first = samples[0]
  if (first === undefined || last.seconds - first.seconds < MIN_SECONDS) return 'unknown'
  const share = average(samples, ({ queuedBytes, queueLimitBytes }) => queuedBytes / (queueLimitBytes || 1))
  const filterLoad = average(samples, (sample) => sample.filterLoad)
  const diskLoad = average(samples, (sample) => sample.diskLoad)
  if (share >= HIGH_SHARE) return judgeFullQueue(filterLoad, diskLoad)
  if (share > LOW_SHARE) return 'balanced'
  if (isPaced) return 'source'
  return filterLoad >= BUSY_SHARE ? 'processors' : 'reading'
}

function judgeFullQueue(filterLoad: number, diskLoad: number): Limit {
  if (filterLoad < BUSY_SHARE && diskLoad < BUSY_SHARE) return 'writing'
  return diskLoad > filterLoad ? 'disk' : 'compressing'
}

function average(samples: readonly JobProgress[], measure: (sample: JobProgress) => number): number {
  return samples.reduce((sum, sample) => sum + measure(sample), 0) / samples.length
}
