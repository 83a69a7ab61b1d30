import { describe, expect, it } from 'vitest'
import { FindingList } from '../../../src-main/read/finding.ts'

describe('a list of findings', () => {
  it('gives the gravest first, others as they came', () => {
    const findings = new FindingList()
    for (const code of ['H_ONE', 'A_TWO', 'E_THREE', 'V_FOUR', 'E_FIVE']) findings.add(code, null, 'text')
    expect(findings.list().map(({ level, code }) => [level, code])).toEqual([
      ['damage', 'E_THREE'],
      ['damage', 'E_FIVE'],
      ['violation', 'V_FOUR'],
      ['alert', 'A_TWO'],
      ['hint', 'H_ONE'],
    ])
  })

  it('lists a kind 20 times for an object, and says how many more there are', () => {
    const findings = new FindingList()
    for (let count = 0; count < 50; count++) findings.add('E_CHUNK', '/events/image', 'text')
    findings.add('E_CHUNK', '/events/mask', 'text')
    const list = findings.list()
    expect(list.filter((finding) => finding.object === '/events/image')).toHaveLength(20)
    expect(list.filter((finding) => finding.object === '/events/mask')).toHaveLength(1)
    expect(list.at(-1)).toMatchObject({
      code: 'E_CHUNK',
      object: null,
      message: expect.stringContaining('30 more') as string,
    })
  })

  it('stays short for a file with a fault in each of a million objects', () => {
    const findings = new FindingList()
    for (let count = 0; count < 10_000; count++) findings.add('E_META', `/events/contour/${count}`, 'text')
    expect(findings.list()).toHaveLength(201)
  })
})
