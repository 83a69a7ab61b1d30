import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { shapeOf } from '../hdf5/model.ts'
import type { BasinDefinition } from './basins.ts'
import {
  IndexInspector,
  MappingInspector,
  MaskInspector,
  PeakInspector,
  ScoreInspector,
  StatisticsInspector,
  TemperatureInspector,
} from './feature-inspectors.ts'
import { isBasinmap, isScoreName } from './feature-names.ts'
import { hasLineLimit, LogInspector } from './log-inspector.ts'
import { lookUpAttribute } from './measurement-structure.ts'
import type { MeasurementStructure } from './measurement-structure.ts'
import type { RootMetadata } from './root-metadata.ts'
import type { ValueInspector } from './value-inspector.ts'

/** What is known of the file before its values are read. */
export interface InspectionContext {
  readonly metadata: RootMetadata
  readonly structure: MeasurementStructure
  readonly basins: readonly BasinDefinition[]
}

/** What the conventions of the format ask of the values of a dataset, by its path. */
export function chooseInspectors(dataset: StoredDataset, context: InspectionContext): ValueInspector[] {
  const [, group, name = '', ...deeper] = dataset.path.split('/')
  if (deeper.length > 0) return []
  if (group === 'logs') return hasLineLimit(dataset.path) ? [new LogInspector(dataset)] : []
  if (group !== 'events') return []
  const rank = shapeOf(dataset.dataspace).length
  if (name === 'mask') return isByteStack(dataset) ? [new MaskInspector(dataset, countRowBytes(dataset))] : []
  if (rank !== 1) return []
  return [...chooseScalarInspectors(name, dataset, context), ...chooseStatistics(dataset)]
}

function chooseScalarInspectors(
  name: string,
  dataset: StoredDataset,
  context: InspectionContext,
): ValueInspector[] {
  if (name === 'index') return [new IndexInspector(dataset)]
  if (/^fl[123]_max(_ctc)?$/.test(name)) return [new PeakInspector(dataset)]
  if (isScoreName(name)) return [new ScoreInspector(dataset)]
  if (isBasinmap(name)) return [new MappingInspector(dataset, countBasinRows(name, context))]
  const isZellmechanik = context.metadata.getText('setup:identifier')?.includes('ZMD') === true
  return name === 'temp' && isZellmechanik ? [new TemperatureInspector(dataset)] : []
}

function chooseStatistics(dataset: StoredDataset): ValueInspector[] {
  const [min, max, mean] = ['min', 'max', 'mean'].map((name) => lookUpAttribute(dataset, name))
  const stated = {
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(mean !== undefined && { mean }),
  }
  return Object.keys(stated).length === 0 ? [] : [new StatisticsInspector(dataset, stated)]
}

/** Rows that a mapped internal basin has; undefined where it maps a file, which is not opened. */
function countBasinRows(name: string, { structure, basins }: InspectionContext): number | undefined {
  const basin = basins.find((one) => one.type === 'internal' && one.mapping === name)
  if (basin === undefined) return undefined
  const lengths = structure.basinEvents.datasets
    .filter((dataset) => basin.features?.includes(dataset.path.slice('/basin_events/'.length)) === true)
    .map((dataset) => shapeOf(dataset.dataspace)[0] ?? 0)
  return lengths.length === 0 ? undefined : Math.min(...lengths)
}

function isByteStack({ datatype }: StoredDataset): boolean {
  return datatype.class === 'integer' && datatype.size === 1
}

function countRowBytes(dataset: StoredDataset): number {
  return shapeOf(dataset.dataspace)
    .slice(1)
    .reduce((product, length) => product * length, dataset.datatype.size)
}
