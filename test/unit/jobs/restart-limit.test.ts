import { expect, test } from 'vitest'
import { RestartLimit } from '../../../src-main/jobs/restart-limit.ts'

test('three failures in the window of time are enough, for that key alone, and are forgotten after it', () => {
  let nowMs = 0
  const limit = new RestartLimit({ count: 3, windowMs: 100 }, () => nowMs)
  for (const ms of [0, 10, 20]) {
    expect(limit.isReached('a')).toBe(false)
    nowMs = ms
    limit.note('a')
  }
  expect([limit.isReached('a'), limit.isReached('b')]).toEqual([true, false])
  nowMs = 100
  expect(limit.isReached('a')).toBe(false)
})
