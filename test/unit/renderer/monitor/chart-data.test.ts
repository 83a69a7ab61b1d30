import { describe, expect, test } from 'vitest'
import { buildChartData, pickRows } from '../../../../src-renderer/features/monitor/build-chart-data.ts'
import { listPhaseSteps } from '../../../../src-renderer/features/monitor/list-phase-steps.ts'
import { pickRecentRange } from '../../../../src-renderer/features/monitor/pick-recent-range.ts'
import { EMPTY_SERIES } from '../../../../src-renderer/features/monitor/record-series.ts'
import { makeCourse, makeProgress } from '../make-progress.ts'
import { lives, makeRow, rewriteJob } from '../make-row.ts'

describe('the numbers of the charts', () => {
  test('give megabytes and seconds, one of each for each sample', () => {
    const data = buildChartData(
      makeCourse(30, (seconds) => ({ bytesRead: seconds * 5e6, bytesWritten: seconds * 1e6 })),
    )
    expect(data.seconds).toHaveLength(30)
    expect(data.inMegabytes.at(-1)).toBeCloseTo(5)
    expect(data.outMegabytes.at(-1)).toBeCloseTo(1)
    expect(data.queuedMegabytes.at(-1)).toBe(20)
    expect(data.limitMegabytes).toBe(100)
  })

  test('join neighbouring full samples to one stall and keep stalls apart that are', () => {
    const isFull = (seconds: number): boolean => (seconds > 0.45 && seconds < 0.95) || seconds > 1.95
    const { stalls } = buildChartData(
      makeCourse(22, (seconds) => ({ queuedBytes: isFull(seconds) ? 99_000_000 : 1 })),
    )
    expect(stalls).toEqual([
      { from: 0.5, to: 1 },
      { from: 2, to: 2.2 },
    ])
  })

  test('of no samples are empty', () => {
    expect(buildChartData([]).limitMegabytes).toBe(0)
  })

  test('in a table are at most as many rows as asked for, the newest first', () => {
    const rows = pickRows(buildChartData(makeCourse(601, () => ({}))), 60)
    expect(rows.at(0)).toBe(600)
    expect(rows.length).toBeLessThanOrEqual(60)
  })
})

test('the time axis grows by steps and then shows the last 120 s', () => {
  expect([0, 15, 16, 61, 300].map(pickRecentRange)).toEqual([
    [0, 15],
    [0, 15],
    [0, 30],
    [0, 120],
    [180, 300],
  ])
})

describe('the steps of a job', () => {
  const series = { ...EMPTY_SERIES, phaseStarts: { check: 0, copy: 0.5, metadata: 10 } }

  test('tell what is done, what runs and what is to come, with their times', () => {
    const row = makeRow({ life: lives.running })
    const steps = listPhaseSteps(row, makeProgress({ phase: 'metadata', seconds: 12 }), series)
    expect(steps.map(({ phase, state, seconds }) => [phase, state, seconds])).toEqual([
      ['check', 'done', 0.5],
      ['copy', 'done', 9.5],
      ['metadata', 'current', 2],
      ['verify', 'ahead', null],
      ['commit', 'ahead', null],
    ])
  })

  test('say so where verification is left out', () => {
    const row = makeRow({ job: { ...rewriteJob, verify: 'none' }, life: lives.running })
    const steps = listPhaseSteps(row, makeProgress({ phase: 'copy' }), series)
    expect(steps.find(({ phase }) => phase === 'verify')?.state).toBe('leftOut')
  })

  test('are all done with the job, and give no time that this window did not see', () => {
    const steps = listPhaseSteps(
      makeRow({ life: lives.done }),
      makeProgress({ phase: 'commit', seconds: 13 }),
      {
        ...EMPTY_SERIES,
        phaseStarts: { commit: 12 },
      },
    )
    expect(steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done'])
    expect(steps.map(({ seconds }) => seconds)).toEqual([null, null, null, null, 1])
  })
})
