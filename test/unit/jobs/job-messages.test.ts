import { describe, expect, test } from 'vitest'
import { readMessageFromProcess, readMessageToProcess } from '../../../src-main/jobs/job-messages.ts'
import { fitErrorData, fitWarning } from '../../../src-main/jobs/job-report.ts'
import { expectError } from '../../helpers/expect-error.ts'
import { figures, makeRewrite, progress } from './job-samples.ts'

const long = 'x'.repeat(100_000)

describe('messages of a job process', () => {
  test.each([
    ['no object', null],
    ['a text', 'done'],
    ['an unknown kind', { kind: 'finished' }],
    ['a field too many', { kind: 'done', figures, sudo: true }],
    ['a figure that is missing', { kind: 'done', figures: { ...figures, events: undefined } }],
    ['a negative count', { kind: 'progress', progress: { ...progress, queuedBytes: -1 } }],
    ['an endless time', { kind: 'progress', progress: { ...progress, seconds: Infinity } }],
    ['an unknown phase', { kind: 'progress', progress: { ...progress, phase: 'sleep' } }],
    ['a text without bounds', { kind: 'warning', warning: { code: 'W_X', message: long, path: '' } }],
  ])('%s is an error', (_name, value) => {
    expectError(() => readMessageFromProcess(value), 'E_MESSAGE')
  })

  test.each([
    ['a job that is none', { kind: 'start', job: { task: 'format-disk' } }],
    ['a job without bounds', { kind: 'start', job: { ...makeRewrite(), features: [long.repeat(50)] } }],
    ['what only a process says', { kind: 'done', figures }],
  ])('to the process, %s is an error', (_name, value) => {
    expectError(() => readMessageToProcess(value), 'E_MESSAGE')
  })

  test('the message of the error stays short, however long the value is', () => {
    const error = expectError(() => readMessageFromProcess({ kind: 'done', figures, [long]: 1 }), 'E_MESSAGE')
    expect(error.message.length).toBeLessThan(1000)
  })

  test('come through as they are', () => {
    const job = makeRewrite()
    expect(readMessageToProcess({ kind: 'start', job })).toEqual({ kind: 'start', job })
    expect(readMessageFromProcess({ kind: 'progress', progress })).toEqual({ kind: 'progress', progress })
  })

  test('errors and warnings about a hostile file are cut until they come through', () => {
    const details = { path: long, object: long, expected: long, actual: Number.NaN, offset: Number.NaN }
    const error = fitErrorData({ code: long, message: long, ...details })
    expect(readMessageFromProcess({ kind: 'failed', error })).toMatchObject({ error: { actual: 'NaN' } })
    const warning = fitWarning({ code: long, message: long, path: long, object: long })
    expect(readMessageFromProcess({ kind: 'warning', warning })).toEqual({ kind: 'warning', warning })
  })
})
