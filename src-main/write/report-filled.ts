import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { isNumeric, readNumbers } from '../read/read-numbers.ts'
import type { CopyOptions } from './copy-options.ts'

/** Fill values that one warning names. */
const MOST_FILLS = 5

/**
 * Warns (W_HOLE) of each dataset of the file that was read with rows that were never written, since the last call: the copy holds values
 * there, which nobody can tell any more from measured ones. One warning for all contours, with each fill value of theirs.
 */
export function reportFilled(file: FileReader, options: Pick<CopyOptions, 'reportWarning'>): void {
  const filled = file.filledHoles.take()
  const isContour = ({ path }: StoredDataset): boolean => path.startsWith('/events/contour/')
  const others = filled.filter((dataset) => !isContour(dataset))
  const contours = filled.filter(isContour)
  const report = (object: string, what: string, datasets: readonly StoredDataset[]): void => {
    const fills = [...new Set(datasets.map(describeFill))]
    const shown = fills.length > MOST_FILLS ? [...fills.slice(0, MOST_FILLS), '...'] : fills
    const message = `${file.path}: ${object}: ${what} never written to the file; the output has ${shown.join(' or ')} there`
    options.reportWarning?.({ code: 'W_HOLE', message, path: file.path, object })
  }
  for (const dataset of others) report(dataset.path, 'pieces of it were', [dataset])
  if (contours.length === 0) return
  const count = contours.length === 1 ? '1 contour was' : `${contours.length} contours were`
  report('/events/contour', `${count}, as a whole or in part,`, contours)
}

function describeFill(dataset: StoredDataset): string {
  if (dataset.hasNoFill) return 'zeros, because the file defines no fill value for it,'
  if (dataset.heapFillValue !== undefined) return 'its fill value'
  const { datatype, fillValue } = dataset
  if (fillValue === undefined)
    return `its fill value (the default, ${isNumeric(datatype) ? '0' : 'zeros or no text'})`
  const value = readNumbers(datatype, fillValue)?.[0]
  return value === undefined ? 'its fill value' : `its fill value (${value})`
}
