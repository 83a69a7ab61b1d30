import { isCarriable, shapeOf } from '../hdf5/model.ts'
import type { RewritePlan } from './rewrite-plan.ts'

/** What the features of an output must look like, whatever wrote them. */
export interface ExpectedFeatures {
  /** Shapes by path, as `/events/trace/fl1_raw`. */
  readonly shapes: ReadonlyMap<string, readonly number[]>
  /** Datasets in `contour`; undefined: not to be counted. */
  readonly contourCount: number | undefined
}

/** The shapes that a plan asks for: as many rows as are selected, in every feature. */
export function listExpectedFeatures({ rowFeatures, heapFeatures, contour }: RewritePlan): ExpectedFeatures {
  const carried = heapFeatures.filter(({ dataset }) => isCarriable(dataset.datatype))
  const shapes = [...rowFeatures, ...carried].map(({ name, dataset, rows }) => {
    return [`/events/${name}`, [rows.count, ...shapeOf(dataset.dataspace).slice(1)]] as const
  })
  // Those that go over as they are may be one object under several names, which HDF5 lists once.
  const contourCount = contour?.rows.isIdentity === false ? contour.rows.count : undefined
  return { shapes: new Map(shapes), contourCount }
}
