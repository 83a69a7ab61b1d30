import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  buildOutputName,
  listUnknownTokens,
  parseNameTemplate,
  stemOf,
  type NameValues,
} from '../../../src-main/jobs/name-template.ts'

const VALUES: NameValues = {
  stem: 'M001_data',
  date: '2023-12-20',
  run: '3',
  sample: 'HL60 / 1:2',
  task: 'rewrite',
  n: '12',
  id7: 'abcdefg',
}

function build(template: string, changes: Partial<NameValues> = {}): string {
  return buildOutputName(parseNameTemplate(template), { ...VALUES, ...changes })
}

describe('the name of an output', () => {
  it('fills in every token', () => {
    const template = '{date}-{run}-{n}-{task}-{id7}-{stem}'
    expect(build(template)).toBe('2023-12-20-3-12-rewrite-abcdefg-M001_data.rtdc')
  })

  it('replaces what cannot be in a name, in the template and in values', () => {
    expect(build('a/b\\c:d*e?f"g<h>i|j\u0000k\nl{sample}')).toBe('a_b_c_d_e_f_g_h_i_j_k_lHL60 _ 1_2.rtdc')
    expect(build('{sample}', { sample: '../../etc/\u202epasswd' })).toBe('.._.._etc__passwd.rtdc')
  })

  it('says unknown for a missing, empty or blank value', () => {
    for (const sample of [null, '', '  ']) expect(build('x_{sample}', { sample })).toBe('x_unknown.rtdc')
  })

  it('appends .rtdc only where it is missing', () => {
    expect(build('{stem}.rtdc')).toBe('M001_data.rtdc')
    expect(build('{stem}.RTDC')).toBe('M001_data.RTDC')
    expect(build('{stem}.h5')).toBe('M001_data.h5.rtdc')
  })

  it('does not expand tokens that came in with a value', () => {
    expect(build('{sample}', { sample: '{stem}$&' })).toBe('{stem}$&.rtdc')
  })

  it('gives a name where only dots or blanks would be left', () => {
    for (const template of ['.', '..', ' ', '.rtdc', '. .']) expect(build(template)).toBe('unknown.rtdc')
  })

  it('avoids the names of devices on Windows', () => {
    expect(build('con')).toBe('con_.rtdc')
    expect(build('NUL.rtdc')).toBe('NUL_.rtdc')
    expect(build('{sample}', { sample: 'Lpt1.old' })).toBe('Lpt1_.old.rtdc')
    expect(build('console')).toBe('console.rtdc')
  })

  it('is always one step of a path with the right extension, whatever the values', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 })
    fc.assert(
      fc.property(text, text, (stem, sample) => {
        const name = build('{stem}{sample}', { stem, sample })
        expect(name).toMatch(/.\.rtdc$/i)
        expect(name).not.toMatch(/[/\\:*?"<>|\p{Cc}]/u)
        expect(Buffer.from(name).toString()).toBe(name)
      }),
    )
  })
})

describe('the tokens without a value', () => {
  it('are named once each, in the order of the template', () => {
    const template = parseNameTemplate('{run}_{sample}_{stem}_{run}_{id7}')
    expect(listUnknownTokens(template, { ...VALUES, run: ' ', sample: null, id7: '0123456' })).toEqual([
      'run',
      'sample',
    ])
  })
})

describe('the stem of an input', () => {
  it.each([
    ['/a/b.rtdc', 'b'],
    ['/a/b.c.rtdc', 'b.c'],
    ['/a/b', 'b'],
    ['/a/.rtdc', '.rtdc'],
  ])('of %s is %s', (path, stem) => {
    expect(stemOf(path)).toBe(stem)
  })
})
