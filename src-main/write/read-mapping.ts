import { shapeOf } from '../hdf5/model.ts'
import { nameDtype } from '../hdf5/dtype-name.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { CopyOptions } from './copy-options.ts'
import type { NdArray } from './nd-array.ts'

/**
 * The mapping that a basin names: 1-D integers, as stored in `events`; or why there is none, in words.
 * Throws what reading throws, E_HOLE for rows that were never written.
 */
export async function readMapping(
  file: FileReader,
  name: string,
  { pool, fallback }: Pick<CopyOptions, 'pool' | 'fallback'>,
): Promise<NdArray | string> {
  const object = `/events/${name}`
  const dataset = await file.find(object)
  if (dataset?.kind !== 'dataset') return `its mapping ${object} is ${dataset ? 'no dataset' : 'missing'}`
  const { datatype, dataspace } = dataset
  const shape = shapeOf(dataspace)
  if (datatype.class !== 'integer' || shape.length !== 1) {
    return `its mapping ${object} holds ${nameDtype(datatype)} in ${shape.length} dimensions, not 1-D integers`
  }
  const reader = await DatasetReader.open(file, dataset, { pool, fallback, missingChunks: 'refuse' })
  const { bytes } = await reader.readAll()
  return { datatype, shape, bytes }
}
