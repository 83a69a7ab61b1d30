import { isPlainLevel, type ZstdParameters } from '../../hdf5/filters/zstd-codec.ts'
import { STORED_LEVEL, type ByteOrder, type StorageAim } from './feature-plan.ts'

/** One way to store a chunk. */
export interface Candidate {
  readonly order: ByteOrder
  readonly encoder: ZstdParameters
  /** Time of encoding, as a share of plain zstd 5's. Not measured when a file is written: one input has one plan. */
  readonly cost: number
}

interface Encoder {
  readonly name: string
  readonly parameters: ZstdParameters
  readonly cost: number
}

/** Shuffling takes some time of its own. */
const SHUFFLE_COST = { plain: 0, element: 0.04, frame: 0.06 } as const

const smallWindow = (windowLog: number): ZstdParameters => ({ level: 1, windowLog })
/** A target length above 0 would leave literals as they are; searches and chains are nothing to this strategy. */
const hashed = (hashLog: number): ZstdParameters => ({
  level: 1,
  windowLog: 20,
  hashLog,
  minMatch: 4,
  strategy: 'fast',
})

/**
 * The table: what has been seen to be the best for something that cytometry stores. Costs were measured on images of noise (Shape-In) and on
 * images that repeat (cytoshot), one core, zstd 1.5.7, chunks of 1 MiB; docs/storage-plan.md has the figures.
 * To try more, add a line here; `KIN` says which are tried once another is good.
 */
const ENCODERS = {
  w10: { name: 'level 1, windowLog 10', parameters: smallWindow(10), cost: 0.25 },
  w11: { name: 'level 1, windowLog 11', parameters: smallWindow(11), cost: 0.22 },
  w12: { name: 'level 1, windowLog 12', parameters: smallWindow(12), cost: 0.2 },
  w13: { name: 'level 1, windowLog 13', parameters: smallWindow(13), cost: 0.19 },
  l1: { name: 'level 1', parameters: { level: 1 }, cost: 0.25 },
  h16: { name: 'fast, hashLog 16', parameters: hashed(16), cost: 0.51 },
  h17: { name: 'fast, hashLog 17', parameters: hashed(17), cost: 0.54 },
  h18: { name: 'fast, hashLog 18', parameters: hashed(18), cost: 0.58 },
  l3: { name: 'level 3', parameters: { level: 3 }, cost: 0.6 },
  l5: { name: 'level 5', parameters: { level: STORED_LEVEL }, cost: 1 },
  l5w13: { name: 'level 5, windowLog 13', parameters: { level: 5, windowLog: 13 }, cost: 1.1 },
  l9: { name: 'level 9', parameters: { level: 9 }, cost: 2.3 },
} satisfies Record<string, Encoder>

type EncoderKey = keyof typeof ENCODERS

/** Tried first; whichever wins brings its kin. */
const SCOUTS: Readonly<Record<StorageAim, readonly EncoderKey[]>> = {
  balanced: ['w11', 'h17', 'l5'],
  fast: ['w11', 'h17', 'l5'],
  small: ['w11', 'h17', 'l5', 'l5w13', 'l9'],
}

const KIN: Readonly<Partial<Record<EncoderKey, readonly EncoderKey[]>>> = {
  w11: ['w10', 'w12', 'w13', 'l1'],
  h17: ['h16', 'h18'],
  l5: ['l3'],
}

/** The first that are tried, plain zstd 5 among them. `takesParameters`: does the codec know more than levels? */
export function listScouts(
  orders: readonly ByteOrder[],
  { aim, takesParameters }: { readonly aim: StorageAim; readonly takesParameters: boolean },
): Candidate[] {
  const keys = SCOUTS[aim].filter((key) => takesParameters || isPlainLevel(ENCODERS[key].parameters))
  return orders.flatMap((order) => keys.map((key) => makeCandidate(order, key)))
}

/** What resembles the best of the scouts. */
export function listKin(best: Candidate, takesParameters: boolean): Candidate[] {
  const key = keysOf(ENCODERS).find((one) => isSameEncoder(ENCODERS[one].parameters, best.encoder))
  const kin = (key && KIN[key]) ?? []
  return kin
    .filter((one) => takesParameters || isPlainLevel(ENCODERS[one].parameters))
    .map((one) => makeCandidate(best.order, one))
}

/** For people: `level 1, windowLog 11`. */
export function nameEncoder(encoder: ZstdParameters): string {
  const key = keysOf(ENCODERS).find((one) => isSameEncoder(ENCODERS[one].parameters, encoder))
  return key === undefined ? `level ${encoder.level}` : ENCODERS[key].name
}

/** Is it what dcnum would do? */
export function isPlainFive({ order, encoder }: Candidate): boolean {
  return order === 'plain' && isSameEncoder(encoder, ENCODERS.l5.parameters)
}

function makeCandidate(order: ByteOrder, key: EncoderKey): Candidate {
  const { parameters, cost } = ENCODERS[key]
  return { order, encoder: parameters, cost: cost + SHUFFLE_COST[order] }
}

function isSameEncoder(one: ZstdParameters, other: ZstdParameters): boolean {
  const keys = ['level', 'windowLog', 'hashLog', 'minMatch', 'strategy'] as const
  return keys.every((key) => one[key] === other[key])
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(record) as Key[]
}
