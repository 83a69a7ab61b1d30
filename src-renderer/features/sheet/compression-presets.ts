import type { Compression, StorageAim } from '../../../src-preload/contract.ts'

/** From the quickest to the smallest. */
export const aims = ['fast', 'balanced', 'small'] as const satisfies readonly StorageAim[]

type Codec = Compression['codec']

export const codecs = ['auto', 'zstd', 'gzip', 'none'] as const satisfies readonly Codec[]

/** Bounds of the levels; null: the codec has none. */
export const levelBounds: Readonly<Record<Codec, { readonly min: number; readonly max: number } | null>> = {
  auto: null,
  zstd: { min: 1, max: 22 },
  gzip: { min: 0, max: 9 },
  none: null,
}

/** What a storage plan has in the place of a level: that of a job that names none. */
const UNUSED_LEVEL = 5
/** dclab and DCOR compress what is weaker than this once more. */
const EXPECTED_LEVEL = 5

export function isPlanned({ codec }: Compression): boolean {
  return codec === 'auto'
}

/** What the storage plan is to be good for; null: set by hand. */
export function findAim(compression: Compression): StorageAim | null {
  return isPlanned(compression) ? (compression.aim ?? 'balanced') : null
}

/** The plan chooses level and shuffle; the checksum is a matter of its own. */
export function applyAim({ checksum, byFrame }: Compression, aim: StorageAim): Compression {
  return {
    ...{ codec: 'auto', level: UNUSED_LEVEL, shuffle: false, checksum, aim },
    ...(byFrame && { byFrame }),
  }
}

/** What is set by hand stays as it is. */
export function applyByFrame(compression: Compression, byFrame: boolean): Compression {
  if (!isPlanned(compression)) return compression
  const { byFrame: before, ...others } = compression
  if (byFrame === (before ?? false)) return compression
  return { ...others, ...(byFrame && { byFrame }) }
}

/** Another codec, with the level brought into its bounds. Only a plan has an aim. */
export function applyCodec(compression: Compression, codec: Codec): Compression {
  if (codec === 'auto') return applyAim(compression, compression.aim ?? 'balanced')
  const { shuffle, checksum } = compression
  const bounds = levelBounds[codec]
  const level =
    bounds === null ? compression.level : Math.min(Math.max(compression.level, bounds.min), bounds.max)
  return { codec, level, shuffle, checksum }
}

/** As nothing that a plan stores is: the level in its filters is the expected one. */
export function isBelowExpected({ codec, level }: Compression): boolean {
  return codec !== 'auto' && (codec !== 'zstd' || level < EXPECTED_LEVEL)
}
