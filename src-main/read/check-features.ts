import { shapeOf } from '../hdf5/model.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { findUsualLength } from './event-count.ts'
import type { FeatureLength } from './event-count.ts'
import { isDatasetFeature } from './feature-info.ts'
import type { FeatureInfo } from './feature-info.ts'
import {
  isImageFeatureName,
  isKnownFeatureName,
  isScalarFeatureName,
  isTraceName,
  WRITER_FEATURE,
} from './feature-names.ts'
import type { FindingList } from './finding.ts'
import type { RootMetadata } from './root-metadata.ts'

/** Names that old acquisition programs wrote; everybody knows what they mean. */
const OLD_NAMES: ReadonlySet<string> = new Set(['def'])

/** Checks names, shapes and types of the features; lengths are checked by `checkLengths`. */
export function checkFeatures(
  features: readonly FeatureInfo[],
  metadata: RootMetadata,
  findings: FindingList,
): void {
  for (const feature of features) {
    const { name, path } = feature
    if (name.startsWith('trace/')) {
      findings.add(
        'V_SHAPE',
        path,
        `${path} lies among the traces, but is none: dclab cannot count its events`,
      )
    } else if (!isKnownFeatureName(name) && !OLD_NAMES.has(name)) {
      // dclab: a violation, so that nobody uploads a file and loses what others cannot name.
      findings.add('V_FEATURE', path, describeUnknown(name, path))
    } else checkKind(feature, findings)
    if (isDatasetFeature(feature)) checkDatasetFeature(name, feature.datasets[0], findings)
    if (feature.kind === 'trace') for (const dataset of feature.datasets) checkTrace(dataset, findings)
    if (feature.kind === 'contour' && feature.length === null)
      findings.add('V_LENGTH', path, `${path} holds no contour: dclab cannot read this file`)
    if (feature.kind === 'contour' && features.some((other) => other.name === 'mask')) {
      findings.add('H_CONTOUR', path, `${path} is slow to read and follows from the mask, which is there too`)
    }
  }
  for (const name of ['image', 'image_bg', 'mask']) checkRegionSize(features, name, { metadata, findings })
}

function describeUnknown(name: string, path: string): string {
  return name === WRITER_FEATURE
    ? `${path} is the working list of dcnum's queue writer, which a finished file should not hold`
    : `${path} is no feature that readers of the field know`
}

/** Groups where readers take a dataset for granted, and the other way round: they fail on the whole file. */
function checkKind(feature: FeatureInfo, findings: FindingList): void {
  const { name, path } = feature
  const shouldBeGroup = name === 'trace' || name === 'contour'
  const isGroup = !isDatasetFeature(feature)
  if (name.includes('/') || shouldBeGroup === isGroup) return
  const message = `${path} should be a ${shouldBeGroup ? 'group' : 'dataset'}, but is a ${isGroup ? 'group' : 'dataset'}: dclab cannot read this file`
  findings.add('V_SHAPE', path, message)
}

function checkDatasetFeature(name: string, dataset: StoredDataset, findings: FindingList): void {
  const { path, dataspace, datatype } = dataset
  const shape = shapeOf(dataspace)
  const shown = `[${shape.join(', ')}]`
  if (isScalarFeatureName(name) && shape.length !== 1) {
    findings.add('V_SHAPE', path, `${path} should hold one number an event, but has the shape ${shown}`)
  }
  if (isImageFeatureName(name) && shape.length !== 3) {
    findings.add('V_SHAPE', path, `${path} should hold one image an event, but has the shape ${shown}`)
  }
  const isByteImage = /^(image|image_bg|mask)$/.test(name)
  const isByte = datatype.class === 'integer' && datatype.size === 1 && !datatype.signed
  if (isByteImage && !isByte)
    findings.add(
      'A_DTYPE',
      path,
      `${path} should be of type uint8, but is ${datatype.class} of ${datatype.size} bytes`,
    )
  if (isScalarFeatureName(name) && !/^(integer|float|enum)$/.test(datatype.class)) {
    findings.add('V_DTYPE', path, `${path} should hold numbers, but holds ${datatype.class}`)
  }
}

function checkTrace(dataset: StoredDataset, findings: FindingList): void {
  const { path, dataspace } = dataset
  const shape = shapeOf(dataspace)
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (!isTraceName(name))
    findings.add('A_TRACE', path, `${path} is not one of fl1_raw, fl1_median ... fl3_median`)
  if (shape.length !== 2)
    findings.add(
      'V_SHAPE',
      path,
      `${path} should hold one row of samples an event, but has the shape [${shape.join(', ')}]`,
    )
}

interface Context {
  readonly metadata: RootMetadata
  readonly findings: FindingList
}

/** Spec: `imaging:roi size x` and `y` are width and height of the images. */
function checkRegionSize(
  features: readonly FeatureInfo[],
  name: string,
  { metadata, findings }: Context,
): void {
  const feature = features.find((one) => one.name === name)
  if (feature === undefined || !isDatasetFeature(feature)) return
  const [, height, width] = shapeOf(feature.datasets[0].dataspace)
  for (const [axis, size] of [
    ['y', height],
    ['x', width],
  ] as const) {
    const key = `imaging:roi size ${axis}`
    const stated = metadata.getNumber(key)
    if (stated === undefined || size === undefined || stated === size) continue
    findings.add(
      'V_ROI',
      feature.path,
      `${feature.path} is ${size} pixels in ${axis}, but the attribute '${key}' is ${stated}`,
    )
  }
}

/**
 * Lengths of features against one another and against `experiment:event count`, which alone counts where all features come from basins.
 */
export function checkLengths(
  lengths: readonly FeatureLength[],
  { metadata, findings, hasBasins }: Context & { readonly hasBasins: boolean },
): void {
  const usual = findUsualLength(lengths)
  for (const { name, path, length } of lengths) {
    if (usual === undefined || length === usual.length) continue
    findings.add('V_LENGTH', path, `${name} has ${length} events, ${usual.name} has ${usual.length}`)
  }
  const stated = metadata.getNumber('experiment:event count')
  if (usual !== undefined && stated !== undefined && stated !== usual.length) {
    findings.add(
      'V_COUNT',
      '/',
      `the attribute 'experiment:event count' is ${stated}, but ${usual.name} has ${usual.length} events`,
    )
  }
  const count = usual === undefined && hasBasins ? stated : usual?.length
  if (count === undefined || count === 0) findings.add('A_NO_EVENTS', '/events', 'the file holds no events')
}
