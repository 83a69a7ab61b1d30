import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeFixedTextAttribute, makeTextAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import { appendSelectionToIdentifier, findIdentifier } from '../../../src-main/read/identifier.ts'
import { lookInto, writeMeasurement } from './measurement-fixture.ts'

const PARTS: Readonly<Record<string, string>> = {
  'experiment:time': '12:11:33',
  'experiment:date': '2023-12-13',
  'setup:identifier': 'ZMDD-AcC-774f84-3da488',
}

/** Of a real file, as dclab and dcnum compute it. */
const COMPUTED = 'b2bacea5-8f08-833e-7877-8e96c7c97d64'

describe('the identifier of a measurement', () => {
  it('is the run identifier if there is one', () => {
    expect(findIdentifier((name) => ({ ...PARTS, 'experiment:run identifier': 'mm-17' })[name])).toBe('mm-17')
  })

  it('is computed as dclab and dcnum do from time, date and set-up', () => {
    expect(findIdentifier((name) => PARTS[name])).toBe(COMPUTED)
  })

  it('takes empty text for absent', () => {
    expect(findIdentifier((name) => ({ ...PARTS, 'experiment:run identifier': '' })[name])).toBe(COMPUTED)
    expect(findIdentifier((name) => ({ ...PARTS, 'setup:identifier': '' })[name])).toBeNull()
  })

  it.each(Object.keys(PARTS))('is null without %s', (missing) => {
    expect(findIdentifier((name) => (name === missing ? undefined : PARTS[name]))).toBeNull()
  })

  it('is the same whether text is stored with fixed or variable length', async () => {
    const fixed = Object.entries(PARTS).map(([name, text]) => makeFixedTextAttribute(name, text))
    const path = await writeMeasurement({ attributes: fixed })
    expect(await lookInto(path, (measurement) => measurement.identifier)).toBe(COMPUTED)
  })

  it('is read from a file', async () => {
    const path = await writeMeasurement({
      attributes: [makeTextAttribute('experiment:run identifier', 'mm-17')],
    })
    expect(await lookInto(path, (measurement) => measurement.identifier)).toBe('mm-17')
  })
})

function hashRows(rows: readonly number[]): string {
  return createHash('md5').update(rows.join(',')).digest('hex').slice(0, 7)
}

describe('the identifier of a selection', () => {
  it('appends the first digits of the MD5 of the row numbers', () => {
    // md5("1,2,3")
    expect(appendSelectionToIdentifier('mm-17', [1, 2, 3])).toBe('mm-17_weir-55b84a9')
  })

  it('depends on the order of the rows', () => {
    expect(appendSelectionToIdentifier('a', [2, 1])).not.toBe(appendSelectionToIdentifier('a', [1, 2]))
  })

  it('has an identifier for no rows at all', () => {
    expect(appendSelectionToIdentifier('a', [])).toBe('a_weir-d41d8cd')
  })

  it('is the same for many rows that come from a generator, piece by piece', () => {
    const rows = Array.from({ length: 50_000 }, (_, index) => index * 7)
    expect(appendSelectionToIdentifier('a', rows.values())).toBe(`a_weir-${hashRows(rows)}`)
  })
})
