import { expect, test } from 'vitest'
import { eventChoiceSchema, jobChangeSchema, outputChoiceSchema } from '../../../src-main/jobs/job-draft.ts'

test('a change holds what it names and no default', () => {
  const change = { rewrite: { verify: 'none' }, record: { threshold: 5 }, output: { collision: 'rename' } }
  expect(jobChangeSchema.parse(change)).toEqual(change)
  expect(jobChangeSchema.parse({ rewrite: {}, record: {}, output: {} })).toEqual({
    ...{ rewrite: {}, record: {}, output: {} },
  })
  expect(outputChoiceSchema.partial().parse({ mirror: true })).toEqual({ mirror: true })
})

test('S10: a list of events is named by a token, and never by a path', () => {
  const file = '3b241101-e2bb-4255-8caf-4136c566a962'
  expect(eventChoiceSchema.safeParse({ kind: 'indices', file }).success).toBe(true)
  expect(eventChoiceSchema.safeParse({ kind: 'indices', file: '/etc/passwd' }).success).toBe(false)
})
