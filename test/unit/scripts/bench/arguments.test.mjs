import { expect, test } from 'vitest'
import { readBenchArguments } from '../../../../scripts/bench/arguments.mjs'

test('runs everything at the sizes of the targets where nothing else is asked for', () => {
  const asked = readBenchArguments([])
  expect(asked).toMatchObject({ events: 20_000, runs: 5, report: false })
  expect(asked.workloads.map(({ name }) => name)).toContain('rewrite')
  expect(asked.workloads.length).toBeGreaterThan(5)
})

test('takes workloads by name, in the order of the table', () => {
  const asked = readBenchArguments(['queue', 'rewrite', '--events', '100', '--runs=2', '--report'])
  expect(asked.workloads.map(({ name }) => name)).toEqual(['rewrite', 'queue'])
  expect(asked).toMatchObject({ events: 100, runs: 2, report: true })
})

test.each([
  [['rewrit'], 'no workload rewrit; there are: images,'],
  [['--events', '0'], '--events takes a positive whole number, not 0'],
  [['--runs', 'five'], '--runs takes a positive whole number, not five'],
  [['--frames', '5'], '--frames'],
])('refuses %j', (words, message) => {
  expect(() => readBenchArguments(words)).toThrow(message)
})
