import { describe, expect, it } from 'vitest'
import type { Compression } from '../../../../src-preload/contract.ts'
import {
  aims,
  applyAim,
  applyByFrame,
  applyCodec,
  findAim,
  isBelowExpected,
} from '../../../../src-renderer/features/sheet/compression-presets.ts'
import { FIRST_DEFAULTS } from '../../../../src-renderer/features/sheet/sheet-defaults.ts'

const five = { codec: 'zstd', level: 5, shuffle: false, checksum: true } as const
const usual = FIRST_DEFAULTS.settings.compression

describe('what compression is to be good for', () => {
  it.each(aims)('%s is found again once it is applied, and leaves the checksum alone', (aim) => {
    const applied = applyAim({ codec: 'gzip', level: 3, shuffle: true, checksum: false }, aim)
    expect(findAim(applied)).toBe(aim)
    // A job file would be refused with another level or shuffle.
    expect(applied).toEqual({ codec: 'auto', level: 5, shuffle: false, checksum: false, aim })
  })

  it('is balanced where nothing else was said', () => {
    expect(findAim(usual)).toBe('balanced')
  })

  it('is not said by what is set by hand, as jobs of earlier versions are', () => {
    for (const level of [1, 5, 6, 9]) expect(findAim({ ...five, level })).toBeNull()
    expect(findAim({ ...five, codec: 'gzip' })).toBeNull()
    expect(findAim({ ...five, codec: 'none' })).toBeNull()
  })

  it('goes with by frame, which stays from one aim to the other', () => {
    const small = applyByFrame(applyAim(usual, 'small'), true)
    expect(small).toEqual({ ...usual, aim: 'small', byFrame: true })
    expect(applyAim(small, 'fast')).toEqual({ ...usual, aim: 'fast', byFrame: true })
    expect(applyByFrame(small, false)).toEqual({ ...usual, aim: 'small' })
  })

  it('leaves what is set by hand without by frame', () => {
    expect(applyByFrame(five, true)).toBe(five)
  })
})

describe('another codec', () => {
  it('brings the level into its bounds', () => {
    expect(applyCodec({ ...five, level: 19 }, 'gzip').level).toBe(9)
    expect(applyCodec({ ...five, codec: 'gzip', level: 0 }, 'zstd').level).toBe(1)
    expect(applyCodec(five, 'none')).toEqual({ ...five, codec: 'none' })
  })

  it('is zstd 5 after a plan, without anything of the plan', () => {
    expect(applyCodec(applyByFrame(applyAim(usual, 'small'), true), 'zstd')).toEqual(five)
  })

  it('makes a plan of what was set by hand', () => {
    const byHand: Compression = { ...five, level: 19, shuffle: true }
    expect(applyCodec(byHand, 'auto')).toEqual({ ...usual, aim: 'balanced' })
    const small = applyAim(usual, 'small')
    expect(applyCodec(small, 'auto')).toEqual(small)
  })
})

describe('what dclab and DCOR expect', () => {
  it('is Zstandard from level 5 on', () => {
    expect(isBelowExpected(five)).toBe(false)
    expect(isBelowExpected({ ...five, level: 4 })).toBe(true)
    expect(isBelowExpected({ ...five, codec: 'gzip', level: 9 })).toBe(true)
    expect(isBelowExpected({ ...five, codec: 'none' })).toBe(true)
  })

  it.each(aims)('is what %s stores', (aim) => {
    expect(isBelowExpected(applyAim(usual, aim))).toBe(false)
  })
})
