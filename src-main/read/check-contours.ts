import { isCarriable, shapeOf } from '../hdf5/model.ts'
import type { StoredDataset, StoredGroup } from '../hdf5/reading/stored-object.ts'
import type { FindingList } from './finding.ts'

/** Checks that what lies in `contour` is a list of points, two whole numbers each; other objects are none of its business. */
export function checkContour(object: StoredGroup | StoredDataset, findings: FindingList): void {
  const { path, kind } = object
  if (!/^\/events\/contour\/[^/]+$/.test(path)) return
  if (kind === 'group') {
    const message = `${path} should be a list of contour points, but is a group: dclab cannot read this contour`
    findings.add('V_SHAPE', path, message)
    return
  }
  const { dataspace, datatype } = object
  const shape = shapeOf(dataspace)
  if (shape.length !== 2 || shape[1] !== 2) {
    const message = `${path} should hold the two coordinates of each point, but has the shape [${shape.join(', ')}]`
    findings.add('V_SHAPE', path, message)
  }
  if (isCarriable(datatype) && !/^(integer|float)$/.test(datatype.class)) {
    findings.add('V_DTYPE', path, `${path} should hold numbers, but holds ${datatype.class}`)
  }
}
