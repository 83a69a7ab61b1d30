import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listKin, listScouts, nameEncoder } from '../../../../src-main/write/storage-plan/candidates.ts'
import {
  chooseCandidate,
  choosePlans,
  type MeasuredCandidate,
  type MeasuredFeature,
} from '../../../../src-main/write/storage-plan/choose-plan.ts'
import { STORAGE_AIMS } from '../../../../src-main/write/storage-plan/feature-plan.ts'

const ALL = listScouts(['plain'], { aim: 'balanced', takesParameters: true }).flatMap((scout) => [
  scout,
  ...listKin(scout, true),
])

/** Sizes as shares of plain zstd 5, by the names of encoders; what is not named is not tried. */
function measure(shares: Readonly<Record<string, number>>, plain = 1_000_000): MeasuredCandidate[] {
  return ALL.filter(({ encoder }) => nameEncoder(encoder) in shares).map((candidate) => ({
    ...candidate,
    storedBytes: Math.round(shares[nameEncoder(candidate.encoder)]! * plain),
  }))
}

function choose(shares: Readonly<Record<string, number>>, aim: (typeof STORAGE_AIMS)[number]): string {
  return nameEncoder(chooseCandidate(measure(shares), aim).encoder)
}

/** Figures of ../shared/tools/codec_grid.py: images whose noise is all there is to store. */
const NOISE = {
  'level 1, windowLog 10': 0.99,
  'level 1, windowLog 11': 0.947,
  'level 1, windowLog 12': 0.982,
  'level 1, windowLog 13': 1.026,
  'fast, hashLog 17': 0.985,
  'level 3': 1.032,
  'level 5': 1,
}
/** Images in which frames repeat. */
const REPEATED = {
  'level 1, windowLog 11': 1.287,
  'fast, hashLog 16': 1.021,
  'fast, hashLog 17': 1.012,
  'fast, hashLog 18': 1.008,
  'level 3': 1.071,
  'level 5': 1,
}

describe('what is chosen', () => {
  test('balanced: windowLog 11 for noise, hashLog 17 where frames repeat', () => {
    expect(choose(NOISE, 'balanced')).toBe('level 1, windowLog 11')
    expect(choose(REPEATED, 'balanced')).toBe('fast, hashLog 17')
  })

  test('balanced: nothing that is more than 2.5 % larger, however cheap', () => {
    expect(choose({ 'level 1, windowLog 11': 1.026, 'level 5': 1 }, 'balanced')).toBe('level 5')
    expect(choose({ 'level 1, windowLog 11': 1.0249, 'level 5': 1 }, 'balanced')).toBe(
      'level 1, windowLog 11',
    )
  })

  test('fast: the cheapest that is at most 10 % larger', () => {
    expect(choose({ ...NOISE, 'level 1, windowLog 13': 1.1 }, 'fast')).toBe('level 1, windowLog 13')
    expect(choose(REPEATED, 'fast')).toBe('fast, hashLog 16')
  })

  test('small: the smallest, of equals the cheaper one', () => {
    expect(choose(NOISE, 'small')).toBe('level 1, windowLog 11')
    expect(choose({ 'fast, hashLog 17': 0.9, 'level 5': 1, 'level 3': 0.9 }, 'small')).toBe(
      'fast, hashLog 17',
    )
  })

  test('says what it was compared with', () => {
    const feature = { sampleBytes: 5_000_000, totalBytes: 9e9, measured: measure(NOISE) }
    expect(choosePlans([feature], 'balanced')).toEqual([
      {
        order: 'plain',
        encoder: { level: 1, windowLog: 11 },
        sample: { raw: 5_000_000, stored: 947_000, plain: 1_000_000 },
      },
    ])
  })
})

describe('all features together', () => {
  const larger = { 'level 1, windowLog 11': 1.024, 'fast, hashLog 17': 1.009, 'level 5': 1 }
  const feature = (totalBytes: number, shares: Readonly<Record<string, number>>): MeasuredFeature => {
    return { sampleBytes: 2_000_000, totalBytes, measured: measure(shares) }
  }
  const names = (features: readonly MeasuredFeature[]): string[] =>
    choosePlans(features, 'balanced').map(({ encoder }) => nameEncoder(encoder))

  test('are at most 1 % larger than zstd 5, so one alone is', () => {
    expect(names([feature(1e9, larger)])).toEqual(['fast, hashLog 17'])
  })

  test('may hold one that is larger among others that are smaller, weighed by all their bytes', () => {
    expect(names([feature(1e9, larger), feature(1e9, NOISE)])).toEqual([
      'level 1, windowLog 11',
      'level 1, windowLog 11',
    ])
    expect(names([feature(1e11, larger), feature(1e9, NOISE)])).toEqual([
      'fast, hashLog 17',
      'level 1, windowLog 11',
    ])
  })

  test('keep to it whatever the sizes are', () => {
    const shares = fc.record(
      Object.fromEntries(
        ALL.map(({ encoder }) => [nameEncoder(encoder), fc.double({ min: 0.3, max: 3, noNaN: true })]),
      ),
    )
    const features = fc.array(fc.tuple(shares, fc.integer({ min: 1, max: 1e12 })), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(features, (list) => {
        const made = list.map(([some, totalBytes]) => feature(totalBytes, { ...some, 'level 5': 1 }))
        const plans = choosePlans(made, 'balanced')
        const sum = (key: 'stored' | 'plain'): number =>
          plans.reduce((total, { sample }, index) => total + sample![key] * made[index]!.totalBytes, 0)
        expect(sum('stored')).toBeLessThanOrEqual(1.0100001 * sum('plain'))
        expect(choosePlans(made, 'balanced')).toEqual(plans)
      }),
    )
  })
})

describe('what is tried', () => {
  test.each(STORAGE_AIMS)('%s: plain zstd 5, and plain levels alone where the codec knows no more', (aim) => {
    for (const takesParameters of [true, false]) {
      const scouts = listScouts(['plain', 'element'], { aim, takesParameters })
      const kin = scouts.flatMap((scout) => listKin(scout, takesParameters))
      const encoders = [...scouts, ...kin].map(({ encoder }) => encoder)
      expect(encoders).toContainEqual({ level: 5 })
      if (!takesParameters) for (const encoder of encoders) expect(Object.keys(encoder)).toEqual(['level'])
    }
  })

  test('only whole numbers within the range of zstd, none of them with a target length', () => {
    const ranges = { level: [1, 9], windowLog: [10, 27], hashLog: [6, 26], minMatch: [4, 7] } as const
    for (const aim of STORAGE_AIMS) {
      const scouts = listScouts(['plain'], { aim, takesParameters: true })
      for (const { encoder } of [...scouts, ...scouts.flatMap((scout) => listKin(scout, true))]) {
        for (const [name, value] of Object.entries(encoder)) {
          if (name === 'strategy') continue
          const [least, most] = ranges[name as keyof typeof ranges]
          expect(Number.isInteger(value) && Number(value) >= least && Number(value) <= most).toBe(true)
        }
      }
    }
  })
})
