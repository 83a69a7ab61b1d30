import { describe, expect, it } from 'vitest'
import { requestArguments } from '../../../../src-preload/contract.ts'
import {
  FIRST_DEFAULTS,
  fitForAnyFile,
  formatDefaults,
  makeRewriteDraft,
  parseDefaults,
} from '../../../../src-renderer/features/sheet/sheet-defaults.ts'

const token = '00000000-0000-4000-8000-000000000001'

describe('settings for files added next', () => {
  it('come back from one start to the next', () => {
    const defaults = { ...FIRST_DEFAULTS, output: { name: '{n}_{stem}', collision: 'rename' as const } }
    expect(parseDefaults(formatDefaults(defaults))).toEqual(defaults)
  })

  it.each([
    ...[null, '', 'no json', '[]', '{"version":2}'],
    formatDefaults(FIRST_DEFAULTS).replace('"level":5', '"level":99'),
    formatDefaults(FIRST_DEFAULTS).replace('"verify":"standard"', '"verify":"sometimes"'),
  ])('are those of a first start where %s is kept', (text) => {
    expect(parseDefaults(text)).toBe(FIRST_DEFAULTS)
  })

  it('never hold what belongs to one file: a list of features, a range of events', () => {
    const settings = {
      ...FIRST_DEFAULTS.settings,
      features: ['deform'],
      events: { kind: 'range', start: 0, stop: 10, step: 1 } as const,
    }
    expect(fitForAnyFile(settings)).toMatchObject({ features: 'all', events: { kind: 'all' } })
    expect(fitForAnyFile({ ...settings, features: 'scalar' }).features).toBe('scalar')
  })

  it('make a request that main accepts', () => {
    const folder = { token, path: '/out' }
    const draft = makeRewriteDraft([token], { defaults: FIRST_DEFAULTS, folder })
    expect(requestArguments['weir:add-rewrites'].parse([draft])).toEqual([draft])
    expect(draft.output.folder).toBe(token)
  })
})
