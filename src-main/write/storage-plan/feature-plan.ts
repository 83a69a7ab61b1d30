import type { ZstdParameters } from '../../hdf5/filters/zstd-codec.ts'

/** What the user wants of the storage: see `choosePlan`. */
export const STORAGE_AIMS = ['balanced', 'fast', 'small'] as const
export type StorageAim = (typeof STORAGE_AIMS)[number]

/**
 * In which order zstd sees the bytes of a chunk. `plain`: as they are. `element`: the first bytes of all numbers, then the second ones,
 * as HDF5's shuffle is meant. `frame`: the first byte of all images, then the second ones; shuffle with an image as its element.
 */
export type ByteOrder = 'plain' | 'element' | 'frame'

/** How the chunks of a feature are stored: plain data, so that it can be kept and gone by later. */
export interface FeaturePlan {
  readonly order: ByteOrder
  readonly encoder: ZstdParameters
  /** What it was chosen by; null: nothing was measured. */
  readonly sample: SampleFigures | null
}

/** Bytes of the chunks that were tried. */
export interface SampleFigures {
  readonly raw: number
  /** As the plan stores them. */
  readonly stored: number
  /** As plain zstd 5 does. */
  readonly plain: number
}

/** The level that dclab and DCOR ask for, and that the filter of every planned feature says; decoders do not look at it. */
export const STORED_LEVEL = 5

/** What dcnum does. */
export const PLAIN_PLAN: FeaturePlan = { order: 'plain', encoder: { level: STORED_LEVEL }, sample: null }
