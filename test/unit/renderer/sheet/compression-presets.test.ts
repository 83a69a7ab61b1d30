import { describe, expect, it } from 'vitest'
import {
  applyCodec,
  applyPreset,
  findPreset,
  isBelowExpected,
  presets,
} from '../../../../src-renderer/features/sheet/compression-presets.ts'

const balanced = { codec: 'zstd', level: 5, shuffle: false, checksum: true } as const

describe('presets of compression', () => {
  it.each(presets)('%s is found again once it is applied, and leaves the checksum alone', (preset) => {
    const applied = applyPreset({ codec: 'gzip', level: 3, shuffle: true, checksum: false }, preset)
    expect(findPreset(applied)).toBe(preset)
    expect(applied.checksum).toBe(false)
  })

  it('are none of what is set by hand', () => {
    expect(findPreset({ ...balanced, level: 6 })).toBeNull()
    expect(findPreset({ ...balanced, shuffle: true })).toBeNull()
    expect(findPreset({ ...balanced, codec: 'gzip' })).toBeNull()
  })
})

describe('another codec', () => {
  it('brings the level into its bounds', () => {
    expect(applyCodec({ ...balanced, level: 19 }, 'gzip').level).toBe(9)
    expect(applyCodec({ ...balanced, codec: 'gzip', level: 0 }, 'zstd').level).toBe(1)
    expect(applyCodec(balanced, 'none')).toEqual({ ...balanced, codec: 'none' })
  })
})

describe('what dclab and DCOR expect', () => {
  it('is Zstandard from level 5 on', () => {
    expect(isBelowExpected(balanced)).toBe(false)
    expect(isBelowExpected({ ...balanced, level: 4 })).toBe(true)
    expect(isBelowExpected({ ...balanced, codec: 'gzip', level: 9 })).toBe(true)
    expect(isBelowExpected({ ...balanced, codec: 'none' })).toBe(true)
  })
})
