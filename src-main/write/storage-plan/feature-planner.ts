import type { FilterPool } from '../../hdf5/filters/filter-pool.ts'
import type { ZstdParameters } from '../../hdf5/filters/zstd-codec.ts'
import type { ChunkCoding, ChunkPlanner } from '../../hdf5/writing/dataset-spec.ts'
import { choosePlans } from './choose-plan.ts'
import { PLAIN_PLAN, type FeaturePlan } from './feature-plan.ts'
import { measureFeature, toPipeline, type PlannedValues, type PlanWishes } from './measure-feature.ts'

/** A stream has no end yet: its features are looked at anew after so many bytes of values. */
const RENEWAL_BYTES = 256 * 2 ** 20
/** Kin are worth trying: much will follow. */
const MUCH = Number.MAX_SAFE_INTEGER

/** Plans a feature that grows by the first chunk that is full, and its encoder again and again by what comes. */
export class FeaturePlanner implements ChunkPlanner {
  readonly renewalBytes = RENEWAL_BYTES
  readonly #values: Omit<PlannedValues, 'totalBytes'>
  readonly #wishes: PlanWishes
  readonly #pool: FilterPool
  #plan: FeaturePlan | undefined

  constructor(values: Omit<PlannedValues, 'totalBytes'>, wishes: PlanWishes, pool: FilterPool) {
    this.#values = values
    this.#wishes = wishes
    this.#pool = pool
  }

  /** Undefined until there was a chunk. */
  get featurePlan(): FeaturePlan | undefined {
    return this.#plan
  }

  async plan(chunk: Uint8Array): Promise<ChunkCoding> {
    const plan = await this.#measure(chunk)
    this.#plan = plan
    return { filters: toPipeline(plan, this.#values, this.#wishes.checksum), encoder: plan.encoder }
  }

  async renew(chunk: Uint8Array): Promise<ZstdParameters> {
    this.#plan = await this.#measure(chunk, this.#plan)
    return this.#plan.encoder
  }

  /** `before`: the order of bytes is settled, for the file says it once. */
  async #measure(chunk: Uint8Array, before?: FeaturePlan): Promise<FeaturePlan> {
    const sample = new Uint8Array(chunk)
    const values = { ...this.#values, totalBytes: MUCH }
    const order = before?.order
    const measured = await measureFeature(sample, values, {
      ...this.#wishes,
      pieceBytes: chunk.byteLength,
      pool: this.#pool,
      ...(order && { order }),
    })
    const plan = choosePlans([measured], this.#wishes.aim)[0] ?? PLAIN_PLAN
    return { ...plan, order: order ?? plan.order }
  }
}
