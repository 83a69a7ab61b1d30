import { expect, test } from 'vitest'
import { composeReport } from '../../../../scripts/bench/compose-report.mjs'
import { drawPlots } from '../../../../scripts/bench/plots.mjs'
import { makeResults } from './sample-results.mjs'

test('the report has the machine, every workload, the model, and shows the plots that there are', () => {
  const results = makeResults()
  const plots = drawPlots(results)
  const report = composeReport(results, Object.keys(plots))
  for (const { name, title } of results.workloads) expect(report).toContain(`**${title}** (\`${name}\`)`)
  expect(report).toContain('A <fast> processor, 2 cores, 16 GiB')
  expect(report).toContain('| 16 | 1.56 s |')
  expect(Object.keys(plots)).toEqual(['ratios.svg', 'scaling.svg', 'memory.svg'])
  for (const name of Object.keys(plots)) expect(report).toContain(`(benchmarks/${name})`)
})

test('a part of the workloads gives a part of the report', () => {
  const results = makeResults()
  results.workloads = [{ ...results.workloads[0], ratio: undefined }]
  for (const side of results.workloads[0].sides) delete side.peakBytes
  const plots = drawPlots(results)
  const report = composeReport(results, Object.keys(plots))
  expect(plots).toEqual({})
  expect(report).not.toContain('.svg')
  expect(report).not.toContain('More cores')
})

test('plots escape the text of results', () => {
  const results = makeResults()
  results.workloads[0].title = 'a < b & "c"'
  expect(drawPlots(results)['ratios.svg']).toContain('a &lt; b &amp; &quot;c&quot;')
})
