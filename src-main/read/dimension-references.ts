import type { Warning } from '../errors.ts'
import type { RefusedAttribute } from '../hdf5/reading/stored-object.ts'

/** How netCDF4, h5netcdf and h5py's dimension scales tie datasets to their dimensions, in both directions. */
const NAMES: ReadonlySet<string> = new Set(['DIMENSION_LIST', 'REFERENCE_LIST'])

/** Is this attribute one that ties a dataset to a dimension by references? They hold addresses of their own file. Damage is none. */
export function isDimensionReference({ name, error }: RefusedAttribute): boolean {
  return error === undefined && NAMES.has(name)
}

/** The same for every object of a file: told once, where one for each attribute would hide the other warnings. */
export function warnOfDimensions(path: string): Warning {
  const what =
    'references between datasets and their netCDF dimensions (DIMENSION_LIST, REFERENCE_LIST) cannot be carried to another file; no values are lost by that'
  const advice =
    "If a netCDF tool needs the dimensions, attach them to the output with h5py: h5['events/deform'].dims[0].attach_scale(h5['NAME OF THE DIMENSION'])"
  return { code: 'W_DIMENSION', message: `${what}. ${advice}`, path }
}
