import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { JsonNumber } from '../../../src-main/read/json-number.ts'
import { parseJson } from '../../../src-main/read/parse-json.ts'

describe('parseJson', () => {
  it('equals JSON.parse for what JavaScript writes itself', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value)
        expect(parseJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it.each(['1.0', '-0', '1e400', '12345678901234567890', '1e-07', '0.10', '1E5'])('keeps %s', (number) => {
    const text = `{"a\\"1.0": [${number}, "${number}", 7], "b": {"c": ${number}}}`
    const kept = new JsonNumber(number)
    expect(parseJson(text)).toEqual({ 'a"1.0': [kept, number, 7], b: { c: kept } })
    expect(JSON.stringify(kept)).toBe(JSON.stringify(Number(number)))
  })

  it('throws SyntaxError for what is no JSON, and for what is nested too deep', () => {
    expect(() => parseJson('{"a": 01}')).toThrow(SyntaxError)
    expect(() => parseJson('')).toThrow(SyntaxError)
    expect(parseJson('['.repeat(100) + ']'.repeat(100))).toBeInstanceOf(Array)
    expect(() => parseJson('['.repeat(101) + ']'.repeat(101))).toThrow('100 levels')
  })
})
