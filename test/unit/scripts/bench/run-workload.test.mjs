import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runWorkload } from '../../../../scripts/bench/run-workload.mjs'

let workFolder = ''
beforeEach(async () => {
  workFolder = await mkdtemp(join(tmpdir(), 'weir-bench-'))
})
afterEach(() => rm(workFolder, { recursive: true, force: true }))

/** A side that takes the times that it is told, and writes down who ran. */
function makeSide(name, { times, seen, order }) {
  const left = [...times]
  return {
    name,
    title: name,
    run: async (output, { isWatched }) => {
      order.push(name)
      await writeFile(output, 'four')
      seen.push(existsSync(output))
      return { seconds: left.shift(), ...(isWatched && { usage: { peakBytes: 1000 * times.length } }) }
    },
    check: async (output) => {
      seen.push(existsSync(output))
    },
  }
}

function makeCase(more = {}) {
  const order = []
  const seen = []
  const workload = {
    name: 'case',
    title: 'a case',
    about: '',
    ratio: { least: 2 },
    sources: () => [],
    sides: () => [
      makeSide('weir', { times: [100, 1, 2], seen, order }),
      makeSide('other', { times: [1, 2, 6], seen, order }),
    ],
    ...more,
  }
  const run = () => runWorkload(workload, { runs: 2, sizes: {}, workFolder, tell: () => undefined })
  return { order, seen, run }
}

test('the warm-up pair does not count, and who goes first changes', async () => {
  const { order, run } = makeCase()
  const result = await run()
  expect(order).toEqual(['other', 'weir', 'weir', 'other', 'other', 'weir'])
  expect(result.ratio).toEqual({ each: [2, 3], ofPairs: 2.5, ofMedians: 4 / 1.5 })
  expect(result).toMatchObject({ target: 2, isMet: true })
})

test('looks at memory in the warm-up only, at the outputs before they are deleted', async () => {
  const { seen, run } = makeCase()
  const [weir] = (await run()).sides
  expect(weir).toMatchObject({
    medianSeconds: 1.5,
    peakBytes: 3000,
    runs: [
      { seconds: 1, bytes: 4 },
      { seconds: 2, bytes: 4 },
    ],
  })
  expect(weir.usages).toHaveLength(1)
  expect(seen.every(Boolean)).toBe(true)
  expect(existsSync(join(workFolder, 'weir.rtdc'))).toBe(false)
})

test('a workload that is not about time has no warm-up and is watched in all its runs', async () => {
  const { order, run } = makeCase({ isTimed: false, ratio: {} })
  const [weir] = (await run()).sides
  expect(order).toEqual(['weir', 'other', 'other', 'weir'])
  expect(weir.usages).toHaveLength(2)
})

test('compares nothing where the other is missing', async () => {
  const order = []
  const sides = () => [makeSide('weir', { times: [1, 1, 1], seen: [], order })]
  const result = await makeCase({ sides }).run()
  expect(result).toMatchObject({ target: 2 })
  expect(result.ratio).toBeUndefined()
  expect(result.isMet).toBeUndefined()
})

test('a failing side fails the workload and leaves no output', async () => {
  const failing = {
    name: 'weir',
    title: 'Weir',
    run: async (output) => {
      await writeFile(output, 'half')
      throw new Error('it broke')
    },
  }
  await expect(makeCase({ sides: () => [failing] }).run()).rejects.toThrow('it broke')
  expect(existsSync(join(workFolder, 'weir.rtdc'))).toBe(false)
})
