import { expect, test } from 'vitest'
import { jobChangeSchema } from '../../../src-main/jobs/job-draft.ts'

test('a change holds what it names and no default', () => {
  const change = { rewrite: { verify: 'none' }, record: { threshold: 5 }, output: { collision: 'rename' } }
  expect(jobChangeSchema.parse(change)).toEqual(change)
  expect(jobChangeSchema.parse({ rewrite: {}, record: {}, output: {} })).toEqual({
    ...{ rewrite: {}, record: {}, output: {} },
  })
})
