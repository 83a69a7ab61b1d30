import { basename, dirname, isAbsolute, join, resolve } from 'node:path'

import { InvalidInput, OutputConflict, type Warning } from '../errors.ts'
import type { DiskPort, PathFacts } from '../hdf5/disk/disk-port.ts'
import { nodeDisk } from '../hdf5/disk/node-disk.ts'
import { placeOf } from '../hdf5/disk/place-of.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { createFilterPool } from '../hdf5/filters/worker-filter-pool.ts'
import { FileReader } from '../hdf5/reading/file-reader.ts'
import { H5wasmFallback } from '../read/h5wasm-fallback.ts'
import { findIdentifier } from '../read/identifier.ts'
import { lookUpAttribute } from '../read/measurement-structure.ts'
import { listOfferedFeatures } from '../read/offered-features.ts'
import { VERSION } from '../version.ts'
import { copyBasins } from './copy-basins.ts'
import { copyMetadata } from './copy-metadata.ts'
import type { DatasetKeywords } from './default-filters.ts'
import { HDF5Writer } from './hdf5-writer.ts'
import type { Logger } from './logger.ts'
import { requireArgument, requireName, requireObject, requireTexts } from './require-argument.ts'

export interface CreateWithBasinsOptions {
  /** How logs, tables, mappings and definitions are stored; see `setDefaultFilterKwargs`. */
  readonly dsKwds?: DatasetKeywords | undefined
  /** Left out: a pool of its own. */
  readonly pool?: FilterPool | undefined
  /** Left out: the real disk. */
  readonly disk?: DiskPort | undefined
  /** Told what was not found or left out; left out: nobody. */
  readonly logger?: Logger | undefined
}

/** One basin: its path, or alternatives that hold the same measurement, in order of preference. */
export type BasinPaths = string | readonly string[]

/** `Created by weir 1.2.3`. */
export const BASIN_DESCRIPTION = `Created by weir ${VERSION}`

/**
 * Creates a file that has no features of its own and refers to others. dcnum: `create_with_basins`.
 *
 * Paths are absolute or relative to the output's folder and are stored as they are given. Of each basin the first path that exists is read:
 * root attributes, logs and tables that the output lacks (`copyMetadata`), its own basins but internal ones (`copyBasins`), the names of
 * its features, its measurement identifier. A basin of which nothing exists is stored all the same, under the name of its first path, and
 * warned of; a file without any basin is made all the same, and warned of.
 *
 * Throws InvalidInput E_USAGE for a basin without a path, E_NOT_RTDC for a file that is no measurement; OutputConflict E_SAME, before
 * anything is written, if the output is one of the basins (dcnum: destroys it); what the disk and the files' readers throw.
 */
export async function createWithBasins(
  pathOut: string,
  basinPaths: readonly BasinPaths[],
  options: CreateWithBasinsOptions = {},
): Promise<void> {
  requireBasinPaths(pathOut, basinPaths, options)
  const disk = options.disk ?? nodeDisk
  const basins = await findBasins(disk, pathOut, basinPaths)
  const pool = options.pool ?? createFilterPool()
  try {
    const writer = await HDF5Writer.open(pathOut, { ...options, disk, pool, mode: 'w' })
    try {
      if (basins.length === 0) writer.logger.warning(`${pathOut} is created without any basins`)
      for (const basin of basins) await addBasin(writer, basin, disk)
    } finally {
      await writer.close()
    }
  } finally {
    if (!options.pool) await pool.close()
  }
}

function requireBasinPaths(pathOut: unknown, basinPaths: unknown, options: unknown): void {
  requireName(pathOut, 'pathOut')
  requireObject(options, 'options')
  requireArgument(Array.isArray(basinPaths), 'basinPaths', {
    expected: 'an array of paths',
    actual: basinPaths,
  })
  for (const paths of basinPaths as readonly unknown[]) requireTexts([paths].flat(), 'basinPaths')
}

interface FoundBasin {
  readonly paths: readonly [string, ...string[]]
  /** The first that exists; undefined: none. */
  readonly found: string | undefined
}

async function findBasins(
  disk: DiskPort,
  pathOut: string,
  basinPaths: readonly BasinPaths[],
): Promise<FoundBasin[]> {
  const output = await factsOf(disk, pathOut)
  const outputPlace = await placeOf(resolve(pathOut), disk)
  return Promise.all(
    basinPaths.map(async (given) => {
      const [first, ...others] = typeof given === 'string' ? [given] : given
      if (first === undefined) throw new InvalidInput('E_USAGE', `a basin of ${pathOut} has no path`)
      const paths = [first, ...others] as const
      // Not the working directory: what a relative path means must not depend on where the program was started.
      const places = paths.map((path) => (isAbsolute(path) ? path : join(dirname(pathOut), path)))
      const facts = await Promise.all(places.map((place) => factsOf(disk, place)))
      const isThere = facts.some((one) => one !== undefined && one.identity === output?.identity)
      const named = await Promise.all(places.map((place) => placeOf(resolve(place), disk)))
      if (isThere || named.includes(outputPlace)) {
        const message = `${pathOut} is also named as one of its basins, which would then be itself; choose another output`
        throw new OutputConflict('E_SAME', message, { path: pathOut })
      }
      return { paths: [...paths], found: places.find((_, index) => facts[index] !== undefined) }
    }),
  )
}

/** What cannot be asked is not there: another path may be. */
function factsOf(disk: DiskPort, path: string): Promise<PathFacts | undefined> {
  return disk.follow(path).catch(() => undefined)
}

async function addBasin(writer: HDF5Writer, { paths, found }: FoundBasin, disk: DiskPort): Promise<void> {
  if (found === undefined) {
    writer.logger.warning(`the basin ${paths.join(', ')} was not found; it is stored all the same`)
    await writer.storeBasin({ name: paths[0], paths, description: BASIN_DESCRIPTION })
    return
  }
  const file = await FileReader.open(disk, found)
  const fallback = new H5wasmFallback(found)
  try {
    const features = await listOfferedFeatures(file)
    const root = await file.root()
    const reportWarning = ({ message }: Warning): void => writer.logger.warning(message)
    const copying = { dsKwds: writer.dsKwds, fallback, reportWarning }
    await copyMetadata(file, writer.h5, copying)
    await copyBasins(file, writer.h5, { ...copying, internalBasins: false })
    await writer.storeBasin({
      name: basename(found),
      paths,
      features,
      description: BASIN_DESCRIPTION,
      identifier: findIdentifier((name) => lookUpAttribute(root, name)),
    })
  } finally {
    await fallback.close()
    await file.close()
  }
}
