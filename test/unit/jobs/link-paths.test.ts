import { expect, test } from 'vitest'
import { spreadLinks } from '../../../src-main/jobs/link-paths.ts'
import { jobSchema } from '../../../src-main/jobs/job-schema.ts'

function relink(output: string, ...paths: readonly string[]) {
  const job = jobSchema.parse({ task: 'rewrite', input: '/in/a.rtdc', output, relink: [{ key: 'k', paths }] })
  const spread = spreadLinks(job)
  return spread.task === 'rewrite' ? spread.relink : []
}

test('a relinked basin is found by its place and from the output', () => {
  expect(relink('/in/sub/b.rtdc', '/in/x.rtdc')).toEqual([{ key: 'k', paths: ['/in/x.rtdc', '../x.rtdc'] }])
})

test('an output that moves takes its relative paths along', () => {
  const [link] = relink('/in/sub/b.rtdc', '/in/x.rtdc')
  expect(relink('/out/b.rtdc', ...link!.paths)).toEqual([{ key: 'k', paths: ['/in/x.rtdc', '../in/x.rtdc'] }])
})

test('other jobs stay as they are', () => {
  const job = jobSchema.parse({ task: 'basins', output: '/o.rtdc', sources: [['/a.rtdc']] })
  expect(spreadLinks(job)).toBe(job)
})
