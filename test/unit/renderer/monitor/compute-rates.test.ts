import { describe, expect, test } from 'vitest'
import {
  computeLastRates,
  computeRateLine,
  computeRates,
  NO_RATES,
} from '../../../../src-renderer/features/monitor/compute-rates.ts'
import { makeCourse, makeProgress } from '../make-progress.ts'

describe('rates', () => {
  test('are what went through in between, a second', () => {
    const rates = computeRates(
      makeProgress({ seconds: 1, bytesRead: 10, bytesWritten: 5, writtenEvents: 2, verifiedBytes: 1 }),
      makeProgress({ seconds: 3, bytesRead: 30, bytesWritten: 9, writtenEvents: 8, verifiedBytes: 7 }),
    )
    expect(rates).toEqual({ inBytes: 10, outBytes: 2, events: 3, verifiedBytes: 3, frames: 0 })
  })

  test('are nothing where no time passed, or where a counter fell', () => {
    expect(computeRates(makeProgress(), makeProgress({ bytesRead: 10 }))).toEqual(NO_RATES)
    const fallen = computeRates(
      makeProgress({ bytesWritten: 9 }),
      makeProgress({ bytesWritten: 3, seconds: 1 }),
    )
    expect(fallen.outBytes).toBe(0)
  })

  test('are smoothed over a second: a slab of 8 MB each second is a steady line', () => {
    const course = makeCourse(60, (seconds) => ({ bytesRead: Math.floor(seconds) * 8e6 }))
    const line = computeRateLine(course).slice(20)
    expect(Math.min(...line.map(({ inBytes }) => inBytes))).toBeGreaterThan(7e6)
    expect(Math.max(...line.map(({ inBytes }) => inBytes))).toBeLessThan(9e6)
  })

  test('of a job that stalls fall to nothing within a second', () => {
    const course = makeCourse(60, (seconds) => ({ bytesRead: Math.min(seconds, 3) * 8e6 }))
    expect(computeLastRates(course).inBytes).toBe(0)
  })

  test('of no samples are nothing', () => {
    expect(computeRateLine([])).toEqual([])
    expect(computeLastRates([])).toEqual(NO_RATES)
  })
})
