import { describe, expect, test } from 'vitest'
import { computeRates } from '../../../../src-renderer/features/monitor/compute-rates.ts'
import {
  EMPTY_SERIES,
  type JobSeries,
  recordProgress,
} from '../../../../src-renderer/features/monitor/record-series.ts'
import { makeCourse, makeProgress } from '../make-progress.ts'

function recordAll(course: readonly ReturnType<typeof makeProgress>[]): JobSeries {
  return course.reduce(recordProgress, EMPTY_SERIES)
}

describe('the series of a job', () => {
  test('ends with the last progress, whatever came shortly before', () => {
    const course = makeCourse(37, (_seconds, index) => ({ bytesRead: index * 1000 }))
    const { recent, whole } = recordAll(course)
    expect(recent.at(-1)).toEqual(course.at(-1))
    expect(whole.at(-1)).toEqual(course.at(-1))
  })

  test('keeps five samples a second of the last 120 s', () => {
    const { recent } = recordAll(makeCourse(3000, () => ({})))
    expect(recent.at(0)?.seconds).toBeGreaterThanOrEqual(180)
    expect(recent.length).toBeGreaterThanOrEqual(598)
    expect(recent.length).toBeLessThanOrEqual(602)
  })

  test('does not grow with the job: an hour takes no more samples than a minute may', () => {
    const { whole } = recordAll(makeCourse(36_000, (seconds) => ({ bytesRead: seconds * 1e6 })))
    expect(whole.length).toBeLessThanOrEqual(600)
    expect(whole.at(0)?.seconds).toBe(0.1)
    expect(whole.at(-1)?.seconds).toBe(3600)
  })

  test('loses no byte when it is thinned out: the mean rate of the whole job is right', () => {
    const { whole } = recordAll(makeCourse(10_000, (seconds) => ({ bytesRead: seconds * 7e6 })))
    expect(computeRates(whole.at(0)!, whole.at(-1)!).inBytes).toBeCloseTo(7e6, 0)
  })

  test('keeps the highest level of the queue, also where it lasted a tenth of a second', () => {
    const peak = 95_000_000
    const course = makeCourse(5000, (_seconds, index) => ({ queuedBytes: index === 1234 ? peak : 1000 }))
    const { whole } = recordAll(course)
    expect(Math.max(...whole.map(({ queuedBytes }) => queuedBytes))).toBe(peak)
  })

  test('begins anew when the job is started again', () => {
    const first = recordAll(makeCourse(100, () => ({})))
    const { recent, whole } = recordProgress(first, makeProgress({ phase: 'check', seconds: 0 }))
    expect([recent.length, whole.length]).toEqual([1, 1])
  })

  test('knows when each phase began', () => {
    const course = makeCourse(40, (seconds) => ({
      phase: seconds < 1 ? 'check' : seconds < 3 ? 'copy' : 'verify',
    }))
    expect(recordAll(course).phaseStarts).toEqual({ check: 0.1, copy: 1, verify: 3 })
  })
})
