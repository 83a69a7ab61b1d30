import type { Compression } from '../../../src-preload/contract.ts'

export const presets = ['fast', 'balanced', 'small'] as const
export type Preset = (typeof presets)[number]

type Codec = Compression['codec']

/** Zstandard levels. On real measurements 9 gives up to 1 % less than 5 at little more time, 12 hardly less than 9 at two to four times the time. */
const presetLevels: Readonly<Record<Preset, number>> = { fast: 1, balanced: 5, small: 9 }

export const codecs = ['zstd', 'gzip', 'none'] as const satisfies readonly Codec[]

/** Bounds of the levels; null: the codec has none. */
export const levelBounds: Readonly<Record<Codec, { readonly min: number; readonly max: number } | null>> = {
  zstd: { min: 1, max: 22 },
  gzip: { min: 0, max: 9 },
  none: null,
}

/** The preset that this compression is; null: set by hand. The checksum is a matter of its own. */
export function findPreset({ codec, level, shuffle }: Compression): Preset | null {
  if (codec !== 'zstd' || shuffle) return null
  return presets.find((preset) => presetLevels[preset] === level) ?? null
}

export function applyPreset(compression: Compression, preset: Preset): Compression {
  return { ...compression, codec: 'zstd', level: presetLevels[preset], shuffle: false }
}

/** Another codec, with the level brought into its bounds. */
export function applyCodec(compression: Compression, codec: Codec): Compression {
  const bounds = levelBounds[codec]
  if (bounds === null) return { ...compression, codec }
  const level = Math.min(Math.max(compression.level, bounds.min), bounds.max)
  return { ...compression, codec, level }
}

/** dclab and DCOR compress what is weaker than this once more. */
export function isBelowExpected({ codec, level }: Compression): boolean {
  return codec !== 'zstd' || level < presetLevels.balanced
}
