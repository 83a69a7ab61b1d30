import { readAttributeValue } from '../hdf5/reading/attribute-value.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { isDatasetFeature } from './feature-info.ts'
import type { FeatureInfo } from './feature-info.ts'
import type { FindingList } from './finding.ts'

/** Spec: "HDF5 Image and Palette Specification"; what makes HDF5 viewers show the stack as images. */
const IMAGE_ATTRIBUTES = { CLASS: 'IMAGE', IMAGE_VERSION: '1.2', IMAGE_SUBCLASS: 'IMAGE_GRAYSCALE' } as const

/** Checks that `image`, `image_bg` and `mask` say that they are images, in fixed-length text. */
export function checkImages(features: readonly FeatureInfo[], findings: FindingList): void {
  for (const feature of features) {
    if (isDatasetFeature(feature) && /^(image|image_bg|mask)$/.test(feature.name))
      checkImage(feature.datasets[0], findings)
  }
}

function checkImage(dataset: StoredDataset, findings: FindingList): void {
  const { path } = dataset
  for (const [name, expected] of Object.entries(IMAGE_ATTRIBUTES)) {
    const attribute = dataset.attributes.find((one) => one.name === name)
    if (attribute === undefined) {
      findings.add('A_IMAGE', path, `${path}: the attribute ${name} is missing`)
    } else if (attribute.datatype.class !== 'string') {
      findings.add('A_IMAGE', path, `${path}: the attribute ${name} should be fixed-length ASCII text`)
    } else if (readAttributeValue(attribute) !== expected) {
      findings.add('A_IMAGE', path, `${path}: the attribute ${name} should be '${expected}'`)
    }
  }
}
