import { describe, expect, test } from 'vitest'
import { readMessageFromProcess } from '../../../src-main/jobs/job-messages.ts'
import { isWithinSize } from '../../../src-main/jobs/message-size.ts'
import { expectError } from '../../helpers/expect-error.ts'

describe('S11: the size of a message', () => {
  test('counts texts, names of fields and bytes, however deep they lie', () => {
    const message = { a: [{ text: 'x'.repeat(100) }] }
    expect(isWithinSize(message, 1000)).toBe(true)
    expect(isWithinSize(message, 200)).toBe(false)
    expect(isWithinSize({ ['k'.repeat(1000)]: 1 }, 1000)).toBe(false)
    expect(isWithinSize({ bytes: new Uint8Array(1000) }, 1000)).toBe(false)
  })

  test('is bounded before a message is looked at', () => {
    const error = { code: 'E_IO', message: 'x'.repeat(2 ** 25), path: null }
    expectError(() => readMessageFromProcess({ kind: 'failed', error }), 'E_MESSAGE')
  })
})
