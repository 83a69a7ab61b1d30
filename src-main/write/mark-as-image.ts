import { makeFixedTextAttribute } from '../hdf5/writing/attributes.ts'
import type { DatasetWriter } from '../hdf5/writing/file-writer.ts'

/** Spec: what has a 2-D item is an HDF5 image, its attributes fixed-length byte strings. */
export function markAsImage(dataset: DatasetWriter): void {
  dataset.setAttribute(makeFixedTextAttribute('CLASS', 'IMAGE'))
  dataset.setAttribute(makeFixedTextAttribute('IMAGE_VERSION', '1.2'))
  dataset.setAttribute(makeFixedTextAttribute('IMAGE_SUBCLASS', 'IMAGE_GRAYSCALE'))
}
