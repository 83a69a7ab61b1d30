import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { composeJobLog, wrapJson } from '../../../src-main/job-process/job-log.ts'

describe('wrapJson', () => {
  test('gives lines of at most 100 bytes that join to the JSON again, whatever the text holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 600 }),
        fc.integer({ min: 0, max: 300 }),
        (text, spaces) => {
          const json = JSON.stringify({ text, spaces: ' '.repeat(spaces) })
          const lines = wrapJson(json)
          expect(JSON.parse(lines.join(''))).toEqual(JSON.parse(json))
          for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(100)
        },
      ),
    )
  })

  test('never ends or begins a line with a space, which readers of fixed-length strings may drop', () => {
    const lines = wrapJson(JSON.stringify({ text: 'word '.repeat(500) }))
    for (const line of lines) expect(line).toBe(line.trim())
  })
})

describe('composeJobLog', () => {
  test('says who did what to which file', () => {
    const lines = composeJobLog({
      task: 'rewrite',
      job: { input: '/data/a.rtdc' },
      files: [{ name: 'a.rtdc', bytes: 10, 'md5-5M': 'abc' }],
      startedAt: new Date('2026-01-02T03:04:05Z'),
      seconds: 1.23456,
      warnings: [{ code: 'W_EMPTY', message: 'it is empty', path: '/data/a.rtdc', object: '/logs/b' }],
      result: { events: 7 },
    })
    expect(JSON.parse(lines.join(''))).toMatchObject({
      files: [{ name: 'a.rtdc', bytes: 10, 'md5-5M': 'abc', index: 1 }],
      job: { input: '/data/a.rtdc' },
      result: { events: 7 },
      seconds: 1.235,
      task: 'rewrite',
      warnings: [{ code: 'W_EMPTY', object: '/logs/b' }],
      utc: { date: '2026-01-02', time: '03:04:05' },
    })
  })
})
