import { Internal, assertNever } from '../../errors.ts'
import { isPlainFive, type Candidate } from './candidates.ts'
import type { FeaturePlan, StorageAim } from './feature-plan.ts'

/** A candidate and the bytes that it made of the sample. */
export interface MeasuredCandidate extends Candidate {
  readonly storedBytes: number
}

/** All that was tried on the sample of one feature, plain zstd 5 among it. */
export interface MeasuredFeature {
  readonly sampleBytes: number
  /** Bytes of all values of the feature: its weight among the others. */
  readonly totalBytes: number
  readonly measured: readonly MeasuredCandidate[]
}

/** `balanced`: of one feature at most so much larger than zstd 5; tightened step by step until all features together keep to `MOST_IN_ALL`. */
const BALANCED_LIMITS = [1.025, 1.02, 1.015, 1.01, 1.005, 1] as const
const MOST_IN_ALL = 1.01
/** `fast`: at most so much larger than zstd 5. */
const FAST_LIMIT = 1.1

/**
 * The plan of each feature, by sizes and a fixed cost order alone, so that one input has one plan.
 *
 * `balanced`: of the candidates at most 2.5 % larger than plain zstd 5 the one with the least cost x size^8 (one per cent of size is worth
 * eight of encoding cost), all features together at most 1 % larger. `fast`: the cheapest that is at most 10 % larger. `small`: the smallest.
 */
export function choosePlans(features: readonly MeasuredFeature[], aim: StorageAim): FeaturePlan[] {
  if (aim !== 'balanced')
    return features.map((feature) => toPlan(chooseCandidate(feature.measured, aim), feature))
  const attempts = BALANCED_LIMITS.map((limit) =>
    features.map(({ measured }) => chooseCandidate(measured, aim, limit)),
  )
  const chosen =
    attempts.find((attempt) => isSmallEnough(attempt, features)) ?? attempts[attempts.length - 1]!
  return chosen.map((candidate, index) => toPlan(candidate, features[index]!))
}

/** The best of what was tried so far. Throws Internal where plain zstd 5 is not among it. */
export function chooseCandidate(
  measured: readonly MeasuredCandidate[],
  aim: StorageAim,
  limit = BALANCED_LIMITS[0] as number,
): MeasuredCandidate {
  const plain = requirePlain(measured)
  switch (aim) {
    case 'balanced':
      return takeLeast(within(measured, plain, limit), (one) => one.cost * power8(one, plain))
    case 'fast':
      return takeLeast(within(measured, plain, FAST_LIMIT), ({ cost }) => cost)
    case 'small':
      return takeLeast(measured, ({ storedBytes }) => storedBytes)
    default:
      return assertNever(aim)
  }
}

function within(
  measured: readonly MeasuredCandidate[],
  plain: MeasuredCandidate,
  limit: number,
): MeasuredCandidate[] {
  return measured.filter(({ storedBytes }) => storedBytes <= limit * plain.storedBytes)
}

/** By multiplications, which every machine rounds alike. */
function power8(one: MeasuredCandidate, plain: MeasuredCandidate): number {
  const ratio = one.storedBytes / Math.max(1, plain.storedBytes)
  const square = ratio * ratio
  const fourth = square * square
  return fourth * fourth
}

/** The first of equals, then the cheaper one. */
function takeLeast(
  measured: readonly MeasuredCandidate[],
  rate: (one: MeasuredCandidate) => number,
): MeasuredCandidate {
  return measured.reduce((best, one) => {
    const difference = rate(one) - rate(best)
    return difference < 0 || (difference === 0 && one.cost < best.cost) ? one : best
  })
}

/** Weighed by the bytes of all values of a feature. */
function isSmallEnough(chosen: readonly MeasuredCandidate[], features: readonly MeasuredFeature[]): boolean {
  let stored = 0
  let plain = 0
  for (const [index, { sampleBytes, totalBytes, measured }] of features.entries()) {
    const weight = totalBytes / Math.max(1, sampleBytes)
    stored += weight * chosen[index]!.storedBytes
    plain += weight * requirePlain(measured).storedBytes
  }
  return stored <= MOST_IN_ALL * plain
}

function toPlan({ order, encoder, storedBytes }: MeasuredCandidate, feature: MeasuredFeature): FeaturePlan {
  const plain = requirePlain(feature.measured).storedBytes
  return { order, encoder, sample: { raw: feature.sampleBytes, stored: storedBytes, plain } }
}

function requirePlain(measured: readonly MeasuredCandidate[]): MeasuredCandidate {
  const plain = measured.find(isPlainFive)
  if (plain) return plain
  throw new Internal('a storage plan was made without plain zstd 5 to compare with')
}
