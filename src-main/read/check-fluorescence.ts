import { shapeOf } from '../hdf5/model.ts'
import type { FeatureInfo } from './feature-info.ts'
import type { FindingList } from './finding.ts'
import type { RootMetadata } from './root-metadata.ts'

const CHANNELS = [1, 2, 3] as const

/** Checks what the attributes say of channels, lasers and traces against one another and the features; nothing without `flN_max`. */
export function checkFluorescence(
  metadata: RootMetadata,
  features: readonly FeatureInfo[],
  findings: FindingList,
): void {
  const names = new Set(features.map((feature) => feature.name))
  if (!CHANNELS.some((channel) => names.has(`fl${channel}_max`))) return
  checkChannelNames(metadata, names, findings)
  checkChannelCount(metadata, names, findings)
  checkLaserCount(metadata, findings)
  checkSamples(metadata, features, findings)
}

function checkChannelNames(metadata: RootMetadata, names: ReadonlySet<string>, findings: FindingList): void {
  for (const channel of CHANNELS) {
    const name = `fluorescence:channel ${channel} name`
    const feature = `fl${channel}_max`
    if (names.has(feature) && !metadata.has(name)) {
      findings.add('A_MISSING', '/', `the attribute '${name}' should be there beside the feature ${feature}`)
    }
    if (!names.has(feature) && metadata.has(name)) {
      findings.add(
        'A_CHANNEL',
        '/',
        `the attribute '${name}' names a channel, but there is no feature ${feature}`,
      )
    }
  }
}

function checkChannelCount(metadata: RootMetadata, names: ReadonlySet<string>, findings: FindingList): void {
  const stated = metadata.getNumber('fluorescence:channel count')
  const used = CHANNELS.filter(
    (channel) => names.has(`fl${channel}_max`) && metadata.has(`fluorescence:channel ${channel} name`),
  ).length
  if (stated === undefined || stated === used) return
  const message = `the attribute 'fluorescence:channel count' is ${stated}, but ${used} channels have a name and a feature flN_max`
  findings.add('V_CHANNELS', '/', message)
}

function checkLaserCount(metadata: RootMetadata, findings: FindingList): void {
  const stated = metadata.getNumber('fluorescence:laser count')
  const lit = CHANNELS.filter((laser) => {
    const power = metadata.getNumber(`fluorescence:laser ${laser} power`)
    return metadata.has(`fluorescence:laser ${laser} lambda`) && power !== undefined && power !== 0
  }).length
  if (stated === undefined || stated === lit) return
  const message = `the attribute 'fluorescence:laser count' is ${stated}, but ${lit} lasers have a wavelength and a power`
  findings.add('V_LASERS', '/', message)
}

function checkSamples(metadata: RootMetadata, features: readonly FeatureInfo[], findings: FindingList): void {
  const stated = metadata.getNumber('fluorescence:samples per event')
  if (stated === undefined) return
  for (const feature of features) {
    if (feature.kind !== 'trace') continue
    for (const { path, dataspace } of feature.datasets) {
      const samples = shapeOf(dataspace)[1]
      if (samples === undefined || samples === stated) continue
      const message = `${path} has ${samples} samples an event, but the attribute 'fluorescence:samples per event' is ${stated}`
      findings.add('V_SAMPLES', path, message)
    }
  }
}
