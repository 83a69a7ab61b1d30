import { assertNever } from '../errors.ts'
import { elementCount, shapeOf, type Attribute, type Datatype } from '../hdf5/model.ts'
import { makeFloatAttribute } from '../hdf5/writing/attributes.ts'
import type { DatasetWriter } from '../hdf5/writing/file-writer.ts'
import { isNumeric, readNumbers } from '../read/read-numbers.ts'
import { encodeNumbers } from './number-bytes.ts'
import type { RewritePlan, RowFeature } from './rewrite-plan.ts'

/** The attributes that writers of .rtdc files keep on scalar features. NaN counts for none of them. */
const STATISTIC_NAMES = ['min', 'max', 'mean'] as const
type StatisticName = (typeof STATISTIC_NAMES)[number]

/** Minimum, maximum and mean of the numbers that pass by, NaN left out. */
class RunningStatistics {
  readonly #datatype: Datatype
  #min = Infinity
  #max = -Infinity
  #sum = 0
  #count = 0

  constructor(datatype: Datatype) {
    this.#datatype = datatype
  }

  add(bytes: Uint8Array): void {
    for (const value of readNumbers(this.#datatype, bytes) ?? []) {
      if (Number.isNaN(value)) continue
      if (value < this.#min) this.#min = value
      if (value > this.#max) this.#max = value
      this.#sum += value
      this.#count++
    }
  }

  /** NaN where no number passed by. */
  value(name: StatisticName): number {
    if (this.#count === 0) return NaN
    switch (name) {
      case 'min':
        return this.#min
      case 'max':
        return this.#max
      case 'mean':
        return this.#sum / this.#count
      default:
        return assertNever(name)
    }
  }
}

/** The statistics of selected rows: recomputed for the scalar features that carry them in the source. */
export class FeatureStatistics {
  readonly #running = new Map<string, RunningStatistics>()

  constructor(plan: Pick<RewritePlan, 'rowFeatures'>) {
    for (const { name, dataset, rows } of plan.rowFeatures) {
      if (rows.isIdentity) continue
      const isCarrying = dataset.attributes.some((attribute) => isStatistic(attribute.name))
      const isScalar = shapeOf(dataset.dataspace).length === 1 && isNumeric(dataset.datatype)
      if (isCarrying && isScalar) this.#running.set(name, new RunningStatistics(dataset.datatype))
    }
  }

  observe(feature: Pick<RowFeature, 'name'>, bytes: Uint8Array): void {
    this.#running.get(feature.name)?.add(bytes)
  }

  /** Replaces the attributes that the datasets took over from the source; none is added that the source does not have. */
  writeTo(datasets: ReadonlyMap<string, DatasetWriter>): void {
    for (const [name, statistics] of this.#running) {
      const dataset = datasets.get(name)
      for (const statistic of STATISTIC_NAMES) {
        const stored = dataset?.attributes.get(statistic)
        if (stored !== undefined) dataset?.setAttribute(replaceNumber(stored, statistics.value(statistic)))
      }
    }
  }
}

/** The number in the type that the attribute has; float64 where that type cannot hold it. */
function replaceNumber(stored: Attribute, value: number): Attribute {
  const { name, datatype, dataspace } = stored
  const fits = datatype.class === 'float' || Number.isSafeInteger(value)
  if (!isNumeric(datatype) || elementCount(dataspace) !== 1 || !fits) return makeFloatAttribute(name, value)
  return { name, datatype, dataspace, data: { bytes: encodeNumbers(datatype, [value]), sequences: [] } }
}

/** Does an attribute of this name tell of all values of its feature? */
export function isStatistic(name: string): boolean {
  return (STATISTIC_NAMES as readonly string[]).includes(name)
}
