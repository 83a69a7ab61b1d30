import { describe, expect, it } from 'vitest'
import {
  isBasinmap,
  isImageFeatureName,
  isKnownFeatureName,
  isScalarFeatureName,
  isTraceName,
} from '../../../src-main/read/feature-names.ts'

describe('names of features', () => {
  it.each([
    'deform',
    'fl2_max_ctc',
    'tex_f13_ptp',
    'ml_score_ab1',
    'userdef9',
    'basinmap0',
    'index_online',
    'time',
  ])('knows the scalar %s', (name) => expect(isScalarFeatureName(name)).toBe(true))

  it.each(['image', 'trace', 'ml_score_abcd', 'fl4_max', 'userdef10', 'def', 'tex_xyz_avg', 'Deform', ''])(
    'does not take %j for a scalar',
    (name) => expect(isScalarFeatureName(name)).toBe(false),
  )

  it('knows what is not scalar, but not what belongs in no finished file', () => {
    for (const name of ['image', 'image_bg', 'mask', 'contour', 'trace', 'qpi_pha']) {
      expect(isKnownFeatureName(name), name).toBe(true)
    }
    expect(isKnownFeatureName('ncells')).toBe(false)
    expect(isKnownFeatureName('index_unmapped')).toBe(false)
  })

  it('tells images, traces and mappings', () => {
    expect(['image', 'qpi_oah_bg', 'contour', 'deform'].map(isImageFeatureName)).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(['fl1_raw', 'fl3_median', 'fl4_raw', 'raw'].map(isTraceName)).toEqual([true, true, false, false])
    expect(['basinmap0', 'basinmap10', 'basinmap', 'same'].map(isBasinmap)).toEqual([
      true,
      false,
      false,
      false,
    ])
  })
})
