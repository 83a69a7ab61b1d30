import { FileReader } from '../hdf5/reading/file-reader.ts'
import { FileWriter } from '../hdf5/writing/file-writer.ts'
import { requireArgument, requireObject } from './require-argument.ts'

/** What every copy asks for. Throws InvalidInput (E_USAGE) that names what is no open file. */
export function requireFiles(src: unknown, dst: unknown, options: unknown): void {
  requireArgument(src instanceof FileReader, 'src', { expected: 'an open FileReader', actual: src })
  requireArgument(dst instanceof FileWriter, 'dst', {
    expected: 'an open FileWriter (of an HDF5Writer: its `h5`)',
    actual: dst,
  })
  requireObject(options, 'options')
}
