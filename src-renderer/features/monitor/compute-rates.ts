import type { JobProgress } from '../../../src-preload/contract.ts'

/** A rate over less than this jumps with every chunk. */
const SMOOTHING_SECONDS = 1

/** Per second. */
export interface Rates {
  /** Raw bytes that were read. */
  readonly inBytes: number
  /** Stored bytes that were written. */
  readonly outBytes: number
  readonly verifiedBytes: number
  readonly events: number
  readonly frames: number
}

export const NO_RATES: Rates = { inBytes: 0, outBytes: 0, verifiedBytes: 0, events: 0, frames: 0 }

/** What went through in between, a second; nothing where no time passed. */
export function computeRates(earlier: JobProgress, later: JobProgress): Rates {
  const seconds = later.seconds - earlier.seconds
  if (seconds <= 0) return NO_RATES
  // A counter may fall: a writer gives back what it had reserved.
  const rate = (before: number, after: number): number => Math.max(0, after - before) / seconds
  return {
    inBytes: rate(earlier.bytesRead, later.bytesRead),
    outBytes: rate(earlier.bytesWritten, later.bytesWritten),
    verifiedBytes: rate(earlier.verifiedBytes, later.verifiedBytes),
    events: rate(earlier.writtenEvents, later.writtenEvents),
    frames: rate(earlier.writtenFrames, later.writtenFrames),
  }
}

/** The rates at each sample, over the last second before it; the first one has none. */
export function computeRateLine(samples: readonly JobProgress[]): readonly Rates[] {
  let first = 0
  return samples.map((sample, index) => {
    while (first + 1 < index && sample.seconds - samples[first + 1]!.seconds >= SMOOTHING_SECONDS) first++
    return computeRates(samples[first] ?? sample, sample)
  })
}

/** The rates over the last `seconds` of the samples. */
export function computeLastRates(
  samples: readonly JobProgress[],
  seconds: number = SMOOTHING_SECONDS,
): Rates {
  const last = samples.at(-1)
  if (last === undefined) return NO_RATES
  const first = samples.findLast((sample) => last.seconds - sample.seconds >= seconds) ?? samples[0]
  return computeRates(first ?? last, last)
}
