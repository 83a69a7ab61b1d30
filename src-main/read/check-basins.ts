import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { locateBasin } from './basin-paths.ts'
import type { BasinDefinition, Basins } from './basins.ts'
import { isBasinmap } from './feature-names.ts'
import type { FindingList } from './finding.ts'
import type { MeasurementStructure } from './measurement-structure.ts'

const KNOWN_FORMATS: Readonly<Record<string, readonly string[]>> = {
  internal: ['h5dataset'],
  file: ['hdf5'],
  remote: ['http', 's3', 'dcor'],
}

interface Context {
  readonly disk: DiskPort
  readonly path: string
  readonly structure: MeasurementStructure
  readonly findings: FindingList
}

/** Checks basin definitions: understood, what they name is there. Other files are looked for, not opened. */
export async function checkBasins(basins: Basins, context: Context): Promise<void> {
  const { findings, structure } = context
  for (const { path, kind } of structure.otherObjects) {
    if (path === '/basins' && kind === 'dataset')
      findings.add(
        'V_BASIN',
        path,
        `${path} should be a group of basins, but is a dataset: dclab cannot read this file`,
      )
  }
  // dclab reads all definitions to list the features of a file, and fails on one that is no JSON.
  for (const { path, reason } of basins.invalid)
    findings.add('V_BASIN', path, `${path} is no basin definition: ${reason}`)
  for (const basin of basins.definitions) {
    const path = `/basins/${basin.key}`
    if (KNOWN_FORMATS[basin.type]?.includes(basin.format) !== true) {
      findings.add(
        'A_BASIN',
        path,
        `${path}: a basin of type '${basin.type}' and format '${basin.format}' is not known; it is kept`,
      )
    }
    checkMapping(basin, path, context)
    if (basin.type === 'internal') checkInternal(basin, path, context)
    if (basin.type === 'file') await checkFile(basin, path, context)
  }
}

function checkMapping(basin: BasinDefinition, path: string, { structure, findings }: Context): void {
  const { mapping } = basin
  if (basin.fields['mapping'] === null) {
    findings.add('V_BASIN', path, `${path}: its mapping is null: dclab cannot read this file`)
  } else if (basin.type === 'internal' && !isBasinmap(mapping)) {
    const message = `${path}: an internal basin should be mapped by basinmap0 to basinmap9, but its mapping is '${mapping}': dclab cannot read it`
    findings.add('V_BASIN', path, message)
  } else if (mapping === 'same') {
    return
  } else if (!isBasinmap(mapping)) {
    const message = `${path}: its mapping should be 'same' or basinmap0 to basinmap9, but is '${mapping}'`
    findings.add('A_BASIN', path, message)
  } else if (!structure.features.some((feature) => feature.name === basin.mapping)) {
    findings.add('V_BASIN', path, `${path} needs the feature ${basin.mapping}, which is missing`)
  }
}

function checkInternal(basin: BasinDefinition, path: string, { structure, findings }: Context): void {
  const { perishable } = basin.fields
  if (perishable !== undefined && perishable !== null && typeof perishable !== 'boolean')
    findings.add(
      'V_BASIN',
      path,
      `${path}: 'perishable' should be true or false: dclab cannot read this file`,
    )
  if (basin.paths.length === 0) {
    findings.add(
      'V_BASIN',
      path,
      `${path}: an internal basin should name the group basin_events, but names none`,
    )
    return
  }
  if (basin.paths.join() !== 'basin_events') {
    findings.add(
      'A_BASIN',
      path,
      `${path}: an internal basin should name the group basin_events, but names '${basin.paths.join()}'`,
    )
    return
  }
  if (structure.basinEvents.group === undefined) {
    findings.add('V_BASIN', path, `${path} needs the group /basin_events, which is missing`)
    return
  }
  if (basin.features === null)
    findings.add('V_BASIN', path, `${path}: an internal basin should list its features`)
  const present = new Set(structure.basinEvents.group.links.map((link) => link.name))
  for (const feature of basin.features ?? []) {
    if (!present.has(feature))
      findings.add('V_BASIN', path, `${path} names the feature ${feature}, which /basin_events lacks`)
  }
}

async function checkFile(
  basin: BasinDefinition,
  path: string,
  { disk, path: referrer, findings }: Context,
): Promise<void> {
  const locations = await locateBasin(disk, referrer, basin)
  if (locations.length === 0) findings.add('A_BASIN', path, `${path}: a file basin should name a path`)
  else if (locations.every((location) => location.found === null)) {
    findings.add(
      'H_BASIN',
      path,
      `${path}: its file is not here: ${locations.map((location) => location.given).join(', ')}`,
    )
  }
}
