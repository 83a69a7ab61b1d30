import { expect, test } from 'vitest'
import { judgeRunningPace } from '../../../../src-renderer/features/monitor/judge-pace.ts'
import { makeProgress } from '../make-progress.ts'

const wanted = { start: 2, rate: 1000, threshold: 500 }
const after = (seconds: number, writtenFrames: number) =>
  makeProgress({ phase: 'record', seconds, writtenFrames })

test('a pace that is missed is told as it was reached', () => {
  expect(judgeRunningPace(after(22, 6800), wanted)).toBe(340)
})

test('frames that wait for their order have come all the same', () => {
  expect(judgeRunningPace(after(12, 8500), wanted)).toBeNull()
  expect(judgeRunningPace(after(11.9, 500), { ...wanted, rate: 100 })).toBeNull()
})

test('nothing is said before a recording has had its time', () => {
  expect(judgeRunningPace(after(6, 10), wanted)).toBeNull()
  expect(judgeRunningPace(after(30, 0), wanted)).toBeNull()
})
