import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { JsonNumber } from '../../../src-main/read/json-number.ts'
import { parseJson } from '../../../src-main/read/parse-json.ts'
import { composeBasinText } from '../../../src-main/write/basin-text.ts'
import { expectError } from '../../helpers/expect-error.ts'

describe('composeBasinText', () => {
  it('spells lists, objects and numbers as Python does', () => {
    const fields = {
      none: null,
      list: [],
      object: {},
      nested: [1, [true, { a: 'ü' }]],
      numbers: [0.5, 1e-5, 1.5e-7, 0.0001, 1e21, -2e-10, 5e-324, 2 ** 53],
      kept: new JsonNumber('1.0'),
      left: undefined,
    }
    // What json.dumps(..., indent=2) of Python 3 gives.
    expect(composeBasinText(fields)).toBe(`{
  "none": null,
  "list": [],
  "object": {},
  "nested": [
    1,
    [
      true,
      {
        "a": "\\u00fc"
      }
    ]
  ],
  "numbers": [
    0.5,
    1e-05,
    1.5e-07,
    0.0001,
    1e+21,
    -2e-10,
    5e-324,
    9007199254740992
  ],
  "kept": 1.0
}`)
  })

  it('gives the text again from which fields were read', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = composeBasinText(value)
        expect(composeBasinText(parseJson(text) as Record<string, unknown>)).toBe(text)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it.each([NaN, Infinity, 1n, () => 1])('refuses what JSON cannot hold: %s', (value) => {
    expectError(() => composeBasinText({ value }), 'E_USAGE')
  })
})
