import { expect, test } from 'vitest'
import { findError, predictSeconds } from '../../../../scripts/bench/scaling-model.mjs'

const parts = { start: 1, main: 2, codec: 16, rest: 2, reading: 0.5, writing: 3 }

test.each([
  { what: 'one thread', threads: 1, cores: 2, seconds: 17, bottleneck: 'the filter threads' },
  { what: 'as many threads as cores', threads: 2, cores: 2, seconds: 11, bottleneck: 'all cores together' },
  { what: 'many cores', threads: 16, cores: 16, seconds: 4, bottleneck: 'writing the output' },
])('is bound by what takes longest with $what', ({ threads, cores, ...wanted }) => {
  expect(predictSeconds(parts, { threads, cores })).toMatchObject({
    seconds: wanted.seconds,
    bottleneck: wanted.bottleneck,
  })
})

test('is bound by the main thread where the disk is fast', () => {
  const machine = { threads: 16, cores: 16 }
  expect(predictSeconds({ ...parts, writing: 0 }, machine)).toMatchObject({
    seconds: 3,
    bottleneck: 'the main thread',
  })
})

test('says by how much it is off, and in which direction', () => {
  expect(findError(11, 10)).toBeCloseTo(0.1)
  expect(findError(9, 10)).toBeCloseTo(-0.1)
})
