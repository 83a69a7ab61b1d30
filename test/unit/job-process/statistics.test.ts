import { describe, expect, test } from 'vitest'
import type { Attribute } from '../../../src-main/hdf5/model.ts'
import type { StoredDataset } from '../../../src-main/hdf5/reading/stored-object.ts'
import { float32Type, float64Type, integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import type { DatasetWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { encodeNumbers } from '../../../src-main/job-process/number-bytes.ts'
import { readNumbers } from '../../../src-main/read/read-numbers.ts'
import type { RowFeature } from '../../../src-main/job-process/rewrite-plan.ts'
import { FeatureStatistics } from '../../../src-main/job-process/statistics.ts'

const makeAttribute = (name: string, datatype: Attribute['datatype']): Attribute => ({
  name,
  datatype,
  dataspace: { kind: 'scalar' },
  data: { bytes: encodeNumbers(datatype, [99]), sequences: [] },
})

/** Statistics of values that pass by, on a dataset whose attributes are of the given types. */
function recompute(
  values: readonly number[],
  types: Readonly<Record<string, Attribute['datatype']>>,
): Record<string, number> {
  const datatype = float64Type()
  const attributes = new Map(Object.entries(types).map(([name, type]) => [name, makeAttribute(name, type)]))
  const dataspace = { kind: 'simple', shape: [5], maxShape: [null] } as const
  const dataset = { datatype, dataspace, attributes: [...attributes.values()] } as unknown as StoredDataset
  const feature = { name: 'deform', dataset, rows: { isIdentity: false } } as unknown as RowFeature
  const plan = { rowFeatures: [feature] }
  const statistics = new FeatureStatistics(plan)
  statistics.observe(feature, encodeNumbers(datatype, values.slice(0, 2)))
  statistics.observe(feature, encodeNumbers(datatype, values.slice(2)))
  const writer = { attributes, setAttribute: (one: Attribute) => attributes.set(one.name, one) }
  statistics.writeTo(new Map([['deform', writer as unknown as DatasetWriter]]))
  return Object.fromEntries(
    [...attributes].map(([name, one]) => [name, readNumbers(one.datatype, one.data.bytes)?.[0] ?? NaN]),
  )
}

describe('statistics of a selection', () => {
  test('leave NaN out and add none that the source does not have', () => {
    const types = { min: float64Type(), mean: float64Type() }
    expect(recompute([3, NaN, -1, 4], types)).toEqual({ min: -1, mean: 2 })
  })

  test('keep the type of the attribute where it can hold the number', () => {
    const types = { min: integerType(8, true), max: integerType(4, false, false), mean: float32Type() }
    expect(recompute([1, 2, 4], types)).toEqual({ min: 1, max: 4, mean: Math.fround(7 / 3) })
  })

  test('do not round what an integer attribute cannot hold', () => {
    expect(recompute([1, 2], { mean: integerType(8, true) })).toEqual({ mean: 1.5 })
  })

  test('of nothing but NaN are NaN', () => {
    expect(recompute([NaN, NaN], { min: float64Type(), max: float64Type(), mean: float64Type() })).toEqual({
      min: NaN,
      max: NaN,
      mean: NaN,
    })
  })
})
