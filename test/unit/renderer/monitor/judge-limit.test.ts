import { describe, expect, test } from 'vitest'
import { judgeFill } from '../../../../src-renderer/features/monitor/judge-fill.ts'
import { judgeLimit } from '../../../../src-renderer/features/monitor/judge-limit.ts'
import { makeCourse, makeProgress } from '../make-progress.ts'

function judge(given: Parameters<typeof makeProgress>[0], isPaced = false): string {
  return judgeLimit({ recent: makeCourse(50, () => given ?? {}), isPaced })
}

const full = { queuedBytes: 96_000_000 }
const low = { queuedBytes: 2_000_000 }

describe('what limits a job', () => {
  test.each([
    [
      'compressing, with a full queue and busy filter threads',
      { ...full, filterLoad: 0.95, diskLoad: 0.3 },
      'compressing',
    ],
    ['the disk, with a full queue and a busy disk', { ...full, filterLoad: 0.3, diskLoad: 0.95 }, 'disk'],
    ['writing, with a full queue and nothing busy', { ...full, filterLoad: 0.2, diskLoad: 0.2 }, 'writing'],
    ['reading, with a nearly empty queue', { ...low, filterLoad: 0.2 }, 'reading'],
    [
      'the processors, with a nearly empty queue and busy filter threads',
      { ...low, filterLoad: 0.9 },
      'processors',
    ],
    ['neither, in between', { queuedBytes: 50_000_000, filterLoad: 0.9, diskLoad: 0.9 }, 'balanced'],
    ['reading back, while it is verified', { ...full, phase: 'verify' as const }, 'readingBack'],
    ['its check, before it writes', { phase: 'check' as const }, 'checking'],
  ])('is %s', (_name, given, limit) => {
    expect(judge(given)).toBe(limit)
  })

  test('is the source where a recording is paced and the queue stays low', () => {
    expect(judge({ ...low, phase: 'record' }, true)).toBe('source')
    expect(judge({ ...full, phase: 'record', filterLoad: 0.9 }, true)).toBe('compressing')
  })

  test('is not known before a second has passed', () => {
    expect(judgeLimit({ recent: [], isPaced: false })).toBe('unknown')
    expect(judgeLimit({ recent: makeCourse(8, () => full), isPaced: false })).toBe('unknown')
  })

  test('is judged by the last seconds, not by what was before', () => {
    const recent = makeCourse(200, (seconds) => (seconds < 10 ? low : { ...full, diskLoad: 1 }))
    expect(judgeLimit({ recent, isPaced: false })).toBe('disk')
  })
})

describe('the level of the queue', () => {
  test.each([
    [0, 'empty'],
    [10_000_000, 'flowing'],
    [74_900_000, 'flowing'],
    [75_000_000, 'high'],
    [84_900_000, 'high'],
    [85_000_000, 'full'],
    [100_000_000, 'full'],
  ])('of %d bytes in 100 MB is %s', (queuedBytes, state) => {
    expect(judgeFill(makeProgress({ queuedBytes })).state).toBe(state)
  })

  test('never stands above the bound, even with one piece that is larger', () => {
    expect(judgeFill(makeProgress({ queuedBytes: 300_000_000 })).share).toBe(1)
  })

  test('of no job is empty', () => {
    expect(judgeFill(null)).toEqual({ share: 0, state: 'empty' })
    expect(judgeFill(makeProgress({ queueLimitBytes: 0 })).state).toBe('empty')
  })
})
