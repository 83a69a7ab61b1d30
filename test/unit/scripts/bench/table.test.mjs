import { expect, test } from 'vitest'
import { composeTable, describeLimits, formatError, makeRows } from '../../../../scripts/bench/table.mjs'
import { makeResults } from './sample-results.mjs'

test('says for each workload both times, the ratio, the target, whether it is met, and the memory', () => {
  expect(makeRows(makeResults())).toEqual([
    [
      'rewrite',
      '8.00 s',
      'dcnum 16.00 s',
      '2.00 (2.00 to 2.00)',
      '–',
      'at least 1.7',
      'yes',
      '200 MB',
      '100 MB',
    ],
    [
      'two against one',
      '8.00 s',
      'Weir, 1 thread 12.00 s',
      '0.75 (0.75 to 0.75)',
      '–',
      'at least 0.9',
      'no',
      '200 MB',
      '–',
    ],
    ['memory', '–', '–', '1.05', '–', 'under 400 MB, 10 %', 'yes', '200 MB', '210 MB'],
  ])
})

test('leaves blank what was not compared', () => {
  const results = makeResults()
  const [rewrite] = results.workloads
  results.workloads = [{ ...rewrite, sides: [rewrite.sides[0]], ratio: undefined, isMet: undefined }]
  expect(makeRows(results)[0]).toEqual([
    'rewrite',
    '8.00 s',
    '–',
    '–',
    '–',
    'at least 1.7',
    '–',
    '200 MB',
    '–',
  ])
})

test('says how large the output is beside the other one, and what was wanted of both', () => {
  const results = makeResults()
  const [rewrite] = results.workloads
  results.workloads = [{ ...rewrite, size: 0.9537, largest: 0.955 }]
  const row = makeRows(results)[0]
  expect(row.slice(4, 6)).toEqual(['0.954', 'at least 1.7, size at most 0.955'])
})

test('has nothing to add to a full run on a quiet machine', () => {
  expect(describeLimits(makeResults())).toEqual([])
})

test('tells what a reader has to know', () => {
  const results = { ...makeResults(), runs: 2, busyCores: 1.5, missing: { dcnum: 'no Python' } }
  for (const { sides } of results.workloads) for (const side of sides) delete side.peakBytes
  const text = composeTable(results)
  expect(describeLimits(results)).toHaveLength(4)
  for (const words of [
    'Without dcnum: no Python',
    'Smaller than',
    '1.5 cores busy',
    'Memory was not measured',
  ])
    expect(text).toContain(words)
})

test('gives the check of the model and its predictions', () => {
  const text = composeTable(makeResults())
  expect(text).toContain('2 of 2 cores for filters: measured 10.00 s, model 9.00 s (-10 %)')
  expect(text).toContain('16 cores: model 1.56 s, bound by all cores together')
})

test.each([
  [0.034, '+3 %'],
  [-0.1, '-10 %'],
  [0, '0 %'],
])('writes an error of %f as %s', (error, text) => {
  expect(formatError(error)).toBe(text)
})
