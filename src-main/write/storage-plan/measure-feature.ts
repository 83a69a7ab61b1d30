import type { FilterPool, FilterTask } from '../../hdf5/filters/filter-pool.ts'
import { buildPipeline } from '../../hdf5/filters/pipeline.ts'
import { chooseZstd } from '../../hdf5/filters/zstd-codec.ts'
import type { Datatype, FilterPipeline } from '../../hdf5/model.ts'
import { countElements } from '../nd-array.ts'
import { isPlainFive, listKin, listScouts, type Candidate } from './candidates.ts'
import { chooseCandidate, type MeasuredCandidate, type MeasuredFeature } from './choose-plan.ts'
import { STORED_LEVEL, type ByteOrder, type FeaturePlan, type StorageAim } from './feature-plan.ts'

/** What is to be stored. */
export interface PlannedValues {
  readonly datatype: Datatype
  /** Shape of one event. */
  readonly itemShape: readonly number[]
  readonly chunkShape: readonly number[]
  /** Bytes of all values. */
  readonly totalBytes: number
}

export interface PlanWishes {
  readonly aim: StorageAim
  /** Images may be shuffled by frame, which not every reader gets right. */
  readonly byFrame: boolean
  readonly checksum: boolean
}

/** Where the sample of a feature lies: pieces of chunks, all of the same length. */
export interface SamplePlace {
  readonly pieceRows: number
  /** First row of each piece. */
  readonly starts: readonly number[]
}

/** Trying is to cost about two hundredths of storing, where there is much to store. */
const SHARE_OF_VALUES = 1 / 256
const LEAST_SAMPLE_BYTES = 32 * 2 ** 10
/** Kin of the best are tried where the sample is no more of the values than this. */
const SHARE_OF_KIN = 1 / 16
const MOST_SAMPLE_BYTES = 3 * 2 ** 20
/**
 * Whether images repeat shows in whole chunks alone; where all of them are little more, in a share of them: who wants the smallest, and not
 * something larger, waits for all of them to be tried.
 */
const LEAST_OF_IMAGES = {
  bytes: 2 ** 20,
  share: { balanced: 1 / 8, fast: 1 / 2, small: 1 },
  fromRowBytes: 1024,
} as const

/** First, middle and last chunks, more of them where they are small. Undefined: so few values that trying is not worth it. */
export function placeSample(
  { datatype, itemShape, chunkShape, totalBytes }: PlannedValues,
  aim: StorageAim,
): SamplePlace | undefined {
  const rowBytes = measureItem(datatype, itemShape)
  if (totalBytes < LEAST_SAMPLE_BYTES || rowBytes === 0) return undefined
  const rowCount = totalBytes / rowBytes
  const chunkRows = Math.min(chunkShape[0] ?? 1, rowCount)
  const wantedRows = Math.max(1, Math.floor(chooseSampleBytes(totalBytes, { rowBytes, aim }) / rowBytes))
  const pieceRows = Math.min(chunkRows, wantedRows)
  const count = Math.max(1, Math.min(Math.floor(rowCount / chunkRows), Math.round(wantedRows / pieceRows)))
  const lastChunk = Math.floor((rowCount - pieceRows) / chunkRows)
  const starts = Array.from({ length: count }, (_, index) => {
    // One alone lies in the middle.
    const share = count === 1 ? 1 / 2 : index / (count - 1)
    return Math.floor(share * lastChunk) * chunkRows
  })
  return { pieceRows, starts }
}

function chooseSampleBytes(
  totalBytes: number,
  { rowBytes, aim }: { readonly rowBytes: number; readonly aim: StorageAim },
): number {
  const { bytes, share, fromRowBytes } = LEAST_OF_IMAGES
  const least = rowBytes < fromRowBytes ? LEAST_SAMPLE_BYTES : Math.min(bytes, totalBytes * share[aim])
  return Math.min(MOST_SAMPLE_BYTES, Math.max(least, totalBytes * SHARE_OF_VALUES))
}

export interface Measuring extends PlanWishes {
  readonly pieceBytes: number
  readonly pool: FilterPool
  /** Settled already; left out: all that the values can have. */
  readonly order?: ByteOrder | undefined
}

/**
 * Encodes a sample in several ways: first one of each kind, then what resembles the best. `sample`: whole chunks, or the beginnings of
 * chunks, one behind the other, `pieceBytes` each. Takes its buffer.
 */
export async function measureFeature(
  sample: Uint8Array<ArrayBuffer>,
  values: PlannedValues,
  { pieceBytes, pool, order, ...wishes }: Measuring,
): Promise<MeasuredFeature> {
  const { takesParameters } = chooseZstd()
  const { aim } = wishes
  const measure = async (candidates: readonly Candidate[]): Promise<MeasuredCandidate[]> => {
    if (candidates.length === 0) return []
    const ways = candidates.map((candidate) => toFilterTask(candidate, values, wishes.checksum))
    const sizes = await pool.measure(sample.slice(), { chunkBytes: pieceBytes, ways })
    return candidates.map((candidate, index) => ({ ...candidate, storedBytes: sizes[index]! }))
  }
  const orders = order === undefined ? listOrders(values, wishes) : [...new Set(['plain', order] as const)]
  // Plain zstd 5 is what the others are compared with.
  const isWanted = (one: Candidate): boolean => order === undefined || one.order === order || isPlainFive(one)
  const scouts = await measure(listScouts(orders, { aim, takesParameters }).filter(isWanted))
  const { totalBytes } = values
  const isLarge = totalBytes * SHARE_OF_KIN >= sample.byteLength
  const kin =
    isLarge || aim === 'small' ? await measure(listKin(chooseCandidate(scouts, aim), takesParameters)) : []
  return { sampleBytes: sample.byteLength, totalBytes, measured: [...scouts, ...kin] }
}

/** How a chunk of the feature is sent through the filters. */
function toFilterTask(
  plan: Pick<FeaturePlan, 'order' | 'encoder'>,
  values: Pick<PlannedValues, 'datatype' | 'itemShape'>,
  checksum: boolean,
): FilterTask {
  const { datatype } = values
  return { pipeline: toPipeline(plan, values, checksum), elementBytes: datatype.size, encoder: plan.encoder }
}

/** The filters that the file says: always zstd 5, since decoders need to know nothing of the encoder. */
export function toPipeline(
  { order }: Pick<FeaturePlan, 'order'>,
  { datatype, itemShape }: Pick<PlannedValues, 'datatype' | 'itemShape'>,
  checksum: boolean,
): FilterPipeline {
  const choice = { codec: 'zstd', level: STORED_LEVEL, shuffle: order !== 'plain', checksum } as const
  return buildPipeline(choice, order === 'frame' ? measureItem(datatype, itemShape) : datatype.size)
}

/** Can chunks be shuffled by frame, so that every one holds whole images? */
function listOrders(
  { datatype, itemShape, chunkShape }: PlannedValues,
  { byFrame }: PlanWishes,
): ByteOrder[] {
  const isNumber = datatype.class === 'integer' || datatype.class === 'float'
  const isWhole = chunkShape.slice(1).every((length, axis) => length === itemShape[axis])
  const isImage = itemShape.length === 2 && measureItem(datatype, itemShape) > 1 && isWhole
  return [
    'plain',
    ...(isNumber && datatype.size > 1 ? (['element'] as const) : []),
    ...(byFrame && isImage ? (['frame'] as const) : []),
  ]
}

function measureItem(datatype: Datatype, itemShape: readonly number[]): number {
  return countElements(itemShape) * datatype.size
}
