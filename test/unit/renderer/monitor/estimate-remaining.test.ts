import { expect, test } from 'vitest'
import {
  computePhaseShare,
  estimateRemainingSeconds,
} from '../../../../src-renderer/features/monitor/estimate-remaining.ts'
import { makeProgress } from '../make-progress.ts'

test('a quarter copied in 10 s leaves 30 s', () => {
  const progress = makeProgress({ writtenEvents: 250, totalEvents: 1000, seconds: 12 })
  expect(estimateRemainingSeconds(progress, 2)).toBe(30)
})

test('the time of verification follows the bytes read back', () => {
  const progress = makeProgress({ phase: 'verify', verifiedBytes: 50, bytesWritten: 100, seconds: 20 })
  expect(estimateRemainingSeconds(progress, 15)).toBe(5)
})

test('nothing is foretold in the first two seconds, without progress, or in a phase without measure', () => {
  expect(estimateRemainingSeconds(makeProgress({ writtenEvents: 500, seconds: 1.5 }), 0)).toBeNull()
  expect(estimateRemainingSeconds(makeProgress({ writtenEvents: 0, seconds: 50 }), 0)).toBeNull()
  expect(estimateRemainingSeconds(makeProgress({ phase: 'metadata', seconds: 50 }), 0)).toBeNull()
})

test('a job without events has no share, and no share exceeds the whole', () => {
  expect(computePhaseShare(makeProgress({ totalEvents: 0 }))).toBeNull()
  expect(computePhaseShare(makeProgress({ phase: 'record', writtenFrames: 12, totalFrames: 10 }))).toBe(1)
})
