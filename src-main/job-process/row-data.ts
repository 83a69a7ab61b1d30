import { hasVariableParts, isCarriable, shapeOf } from '../hdf5/model.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'

/** A dataset with one row an event. */
export interface RowData {
  /** Name below `events`, as `image` or `trace/fl1_raw`. */
  readonly name: string
  readonly dataset: StoredDataset
}

/** Rows can be cut out of plain elements; heap references and addresses cannot go over in slabs, and rows of 0 bytes have no chunks. */
export function isRowData(dataset: StoredDataset): boolean {
  return isCarriable(dataset.datatype) && !hasVariableParts(dataset.datatype) && !hasEmptyRows(dataset)
}

/** An image without lines, for instance: nothing of it but its shape can be stored. */
export function hasEmptyRows(dataset: StoredDataset): boolean {
  return shapeOf(dataset.dataspace).slice(1).includes(0)
}
