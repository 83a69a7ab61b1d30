import { expect, test } from 'vitest'
import { compareRuns, median, orderSides } from '../../../../scripts/bench/figures.mjs'

const seconds = (...numbers) => numbers.map((number) => ({ seconds: number }))

test.each([
  [[3], 3],
  [[10, 1, 9], 9],
  [[4, 1, 10, 2], 3],
])('takes the middle of %j', (numbers, middle) => {
  expect(median(numbers)).toBe(middle)
})

test('has no median of nothing', () => {
  expect(() => median([])).toThrow('no numbers')
})

test('lets the sides take turns at going first', () => {
  const sides = ['weir', 'dcnum']
  expect([0, 1, 2].map((run) => orderSides(sides, run))).toEqual([
    ['weir', 'dcnum'],
    ['dcnum', 'weir'],
    ['weir', 'dcnum'],
  ])
  expect(sides).toEqual(['weir', 'dcnum'])
})

test('compares within pairs, not across: a run that was slow for both changes nothing', () => {
  const { each, ofPairs, ofMedians } = compareRuns(seconds(1, 1, 10), seconds(2, 3, 20))
  expect(each).toEqual([2, 3, 2])
  expect(ofPairs).toBe(2)
  expect(ofMedians).toBe(3)
})

test('multiplies with the factor of the workload', () => {
  const { each, ofPairs, ofMedians } = compareRuns(seconds(5), seconds(9), 0.5)
  expect([each[0], ofPairs, ofMedians]).toEqual([0.9, 0.9, 0.9])
})
