import { describe, expect, it } from 'vitest'
import {
  changeWish,
  estimateKept,
  listChoices,
  nameWished,
  uniteChoices,
} from '../../../../src-renderer/features/sheet/feature-choices.ts'
import { FIRST_DEFAULTS } from '../../../../src-renderer/features/sheet/sheet-defaults.ts'
import { makeFeature, makeView } from './view-samples.ts'

const names = (choices: readonly { readonly name: string }[]) => choices.map(({ name }) => name)

describe('the features that can be chosen', () => {
  it('are groups as a whole, with the sizes of their datasets summed', () => {
    const trace = listChoices(makeView()).find(({ name }) => name === 'trace')
    expect(trace).toMatchObject({ datasetCount: 2, storedBytes: 18_000, rawBytes: 70_800, isScalar: false })
  })

  it('do not count what travels with a basin', () => {
    const view = makeView({
      features: [makeFeature('deform'), makeFeature('basinmap0'), makeFeature('basinmaps')],
    })
    expect(names(listChoices(view))).toEqual(['deform', 'basinmaps'])
  })

  it('have no size where one of their datasets has none', () => {
    const view = makeView({ features: [makeFeature('contour', { storedBytes: null })] })
    expect(listChoices(view)[0]?.storedBytes).toBeNull()
  })

  it('of several files are all that any has, with the count of files', () => {
    const other = makeView({ features: [makeFeature('deform'), makeFeature('temp')] })
    const choices = uniteChoices([makeView(), other])
    expect(names(choices)).toEqual(['deform', 'area_um', 'image', 'trace', 'temp'])
    expect(choices.map(({ fileCount }) => fileCount)).toEqual([2, 1, 1, 1, 1])
    expect(choices[0]?.storedBytes).toBe(1000)
  })
})

describe('a wish for features', () => {
  it('is spelt out for a file', () => {
    expect(nameWished('all', makeView())).toEqual(['deform', 'area_um', 'image', 'trace'])
    expect(nameWished('scalar', makeView())).toEqual(['deform', 'area_um'])
  })

  it('gains and loses names in the order of the file', () => {
    expect(changeWish('scalar', makeView(), { names: ['image'], isWanted: true })).toEqual([
      ...['deform', 'area_um', 'image'],
    ])
    expect(changeWish('all', makeView(), { names: ['image', 'trace'], isWanted: false })).toEqual([
      ...['deform', 'area_um'],
    ])
  })

  it('never asks a file for a feature that it does not have', () => {
    expect(changeWish(['deform', 'temp'], makeView(), { names: ['qpi_pha'], isWanted: true })).toEqual([
      'deform',
    ])
  })
})

describe('the size of what is kept', () => {
  const { settings } = FIRST_DEFAULTS

  it('is the raw size of the chosen features', () => {
    expect(estimateKept({ ...settings, features: ['deform', 'image'] }, makeView())).toEqual({
      ...{ rawBytes: 2_560_800, isAtLeast: false },
    })
  })

  it('shrinks with the share of events', () => {
    const events = { kind: 'range', start: 0, stop: 25, step: 1 } as const
    expect(estimateKept({ ...settings, features: ['image'], events }, makeView()).rawBytes).toBe(640_000)
  })

  it('is a lower bound where a size is not known', () => {
    const view = makeView({ features: [makeFeature('deform'), makeFeature('contour', { rawBytes: null })] })
    expect(estimateKept(settings, view)).toEqual({ rawBytes: 800, isAtLeast: true })
  })

  it('of a file without events is nothing divided by nothing: zero', () => {
    const view = makeView({ events: 0, features: [makeFeature('deform', { shape: [0], rawBytes: 0 })] })
    expect(estimateKept(settings, view).rawBytes).toBe(0)
  })
})
