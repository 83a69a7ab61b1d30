import { expect, test, vi } from 'vitest'
import { SimulatedInstrument } from '../../../src-main/job-process/simulated-instrument.ts'
import { SimulatedSource } from '../../../src-main/job-process/simulated-source.ts'
import { MAX_SIMULATED_FRAMES, recordSourceSchema } from '../../../src-main/jobs/job-schema.ts'

test('counts the events of a short recording exactly', () => {
  const instrument = new SimulatedInstrument({ seed: 7, frameCount: 3_000 })
  const source = new SimulatedSource(instrument)
  const counts = Array.from({ length: 3_000 }, (_, frame) => source.countEvents(frame))
  expect(source.totalEvents).toBe(counts.reduce((sum, count) => sum + count, 0))
  expect(counts).toContain(0)
  expect(counts).toContain(2)
})

test('does not count through a long one, which would keep signals waiting for minutes', () => {
  const instrument = new SimulatedInstrument({ seed: 7, frameCount: MAX_SIMULATED_FRAMES })
  const counting = vi.spyOn(instrument, 'nEvents')
  const source = new SimulatedSource(instrument)
  expect(counting.mock.calls.length).toBeLessThanOrEqual(20_000)
  const counted = Array.from({ length: 20_000 }, (_, frame) => source.countEvents(50_000_000 + frame))
  const perFrame = counted.reduce((sum, count) => sum + count, 0) / 20_000
  expect(source.totalEvents / MAX_SIMULATED_FRAMES / perFrame).toBeCloseTo(1, 1)
})

test('of more frames than the limit is refused by the schema of a job', () => {
  const source = { kind: 'simulate', frames: MAX_SIMULATED_FRAMES }
  expect(recordSourceSchema.safeParse(source).success).toBe(true)
  expect(recordSourceSchema.safeParse({ ...source, frames: MAX_SIMULATED_FRAMES + 1 }).success).toBe(false)
})
