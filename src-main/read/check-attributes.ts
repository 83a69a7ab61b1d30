import { assertNever } from '../errors.ts'
import { showName } from '../hdf5/reading/damage.ts'
import { shapeOf } from '../hdf5/model.ts'
import type { FindingList } from './finding.ts'
import {
  findKeyType,
  isKnownSection,
  isSectionOfReaders,
  listDesiredKeys,
  listRequiredKeys,
  POSITIVE_KEYS,
} from './metadata-keys.ts'
import type { KeyType } from './metadata-keys.ts'
import { readNumberText } from './number-text.ts'
import { acceptsOpaque, hasNaN, isRefusedValue, isUndecodable } from './refused-values.ts'
import type { MetadataEntry, OpaqueEntry, RootMetadata } from './root-metadata.ts'

/** Checks names, types and values of the root attributes, one by one and together. */
export function checkAttributes(
  metadata: RootMetadata,
  hasFeature: (name: string) => boolean,
  findings: FindingList,
): void {
  checkNames(metadata, findings)
  for (const entry of metadata.entries) checkEntry(entry, findings)
  for (const entry of metadata.opaque) checkOpaque(entry, findings)
  checkMissing(metadata, hasFeature, findings)
  checkPositive(metadata, findings)
  checkFlowRates(metadata, findings)
  checkMedium(metadata, findings)
  checkVersion(metadata, findings)
}

function checkNames(metadata: RootMetadata, findings: FindingList): void {
  for (const name of metadata.misnamed) {
    const message = `attribute ${showName(name)} is not named 'section:key' with exactly one colon: dclab cannot open this file`
    findings.add('V_NAME', '/', message)
  }
}

function checkEntry(entry: MetadataEntry, findings: FindingList): void {
  const name = showName(`${entry.section}:${entry.key}`)
  if (!checkSection(entry, findings)) return
  const type = findKeyType(entry.section, entry.key)
  if (isUndecodable(entry.attribute)) {
    findings.add('V_TYPE', '/', `attribute ${name} is text, but not UTF-8: dclab cannot open this file`)
  } else if (type === undefined) {
    findings.add('A_KEY', '/', `attribute ${name}: the key is not one of its section's`)
  } else if (isRefusedValue(entry, type)) {
    const message = `attribute ${name} should be ${describeType(type)}, but is ${describeStored(entry)}: dclab cannot open this file${adviseOn(entry)}`
    findings.add('V_TYPE', '/', message)
  } else if (entry.value === '') {
    findings.add('A_EMPTY', '/', `attribute ${name} is empty; readers take it as absent`)
  } else if (!hasType(entry, type)) {
    const message = `attribute ${name} should be ${describeType(type)}, but is ${describeStored(entry)}`
    findings.add('A_TYPE', '/', message)
  } else checkValue(entry, type, findings)
}

/** Is the section one that readers know? They fail on any other. */
function checkSection(
  { section, key }: { readonly section: string; readonly key: string },
  findings: FindingList,
): boolean {
  const name = showName(`${section}:${key}`)
  if (isSectionOfReaders(section)) {
    findings.add('H_SECTION', '/', `attribute ${name} is a setting of readers; they ignore it in a file`)
  }
  if (isKnownSection(section)) return true
  const known = section.trim().toLowerCase()
  const advice = isKnownSection(known) ? `; it is spelt '${known}'` : ''
  const message = `attribute ${name}: the section is not one of the format's: dclab cannot open this file${advice}`
  findings.add('V_SECTION', '/', message)
  return false
}

/** Checks a value of the right type. */
function checkValue(entry: MetadataEntry, type: KeyType, findings: FindingList): void {
  const { section, key, value } = entry
  const name = showName(`${section}:${key}`)
  if (type === 'points' && !isPolygon(entry)) {
    findings.add('V_POLYGON', '/', `attribute ${name} should hold at least 3 points of 2 numbers`)
  } else if (hasNaN(value) && type !== 'free') {
    findings.add('A_VALUE', '/', `attribute ${name} is not a number (NaN)`)
  } else if (typeof value === 'number' && !Number.isFinite(value) && type === 'float') {
    findings.add('A_VALUE', '/', `attribute ${name} is infinite`)
  } else if (type === 'integer' && typeof value === 'bigint' && BigInt(Number(value)) !== value) {
    findings.add(
      'A_VALUE',
      '/',
      `attribute ${name} is ${value}, which readers round to ${BigInt(Number(value))}`,
    )
  } else if (type === 'name' && typeof value === 'string' && value !== value.toLowerCase()) {
    findings.add('A_CASE', '/', `attribute ${name} should be lower-case, but is ${showName(value)}`)
  }
}

/** Values that nobody can be shown. */
function checkOpaque({ section, key, reason }: OpaqueEntry, findings: FindingList): void {
  if (!checkSection({ section, key }, findings)) return
  const name = showName(`${section}:${key}`)
  const type = findKeyType(section, key)
  if (type === undefined) findings.add('A_KEY', '/', `attribute ${name}: the key is not one of its section's`)
  else if (!acceptsOpaque(type)) {
    const message = `attribute ${name} should be ${describeType(type)}, but cannot be read: ${reason}; dclab cannot open this file`
    findings.add('V_TYPE', '/', message)
  } else if (type !== 'any' && type !== 'free') {
    findings.add(
      'A_TYPE',
      '/',
      `attribute ${name} should be ${describeType(type)}, but cannot be read: ${reason}`,
    )
  }
}

function adviseOn({ value }: MetadataEntry): string {
  const isComma = typeof value === 'string' && readNumberText(value.replace(',', '.')) !== undefined
  return isComma ? '; it should have a point in place of the comma' : ''
}

function describeType(type: KeyType): string {
  const words: Readonly<Record<KeyType, string>> = {
    text: 'text',
    name: 'lower-case text',
    integer: 'an integer',
    float: 'a number',
    number: 'a number',
    boolean: 'a boolean',
    'boolean or float': 'a boolean or a float',
    pair: 'two floats',
    points: 'an array of points',
    any: 'anything',
    free: 'anything',
    unreadable: 'absent',
  }
  return words[type]
}

function describeStored({ attribute, value }: MetadataEntry): string {
  const { dataspace, datatype } = attribute
  if (dataspace.kind === 'null') return 'empty'
  if (typeof value === 'string') return value === '' ? 'empty text' : `the text '${showName(value)}'`
  if (typeof value === 'number') return String(value)
  const shape = shapeOf(dataspace)
  return shape.length === 0
    ? `of type ${datatype.class}`
    : `an array [${shape.join(', ')}] of type ${datatype.class}`
}

/** Is it stored as readers want it? They look at the stored type: a count stored as float is a wrong type, whatever its value. */
function hasType({ attribute, value }: MetadataEntry, type: KeyType): boolean {
  const isScalar = attribute.dataspace.kind === 'scalar'
  const stored = attribute.datatype.class
  const isBoolean = isScalar && typeof value === 'boolean'
  const isInteger = isScalar && stored === 'integer'
  const isFloat = isScalar && stored === 'float'
  switch (type) {
    case 'any':
    case 'free':
      return true
    case 'unreadable':
      return false
    case 'text':
    case 'name':
      return isScalar && typeof value === 'string'
    case 'integer':
      return isInteger
    case 'float':
    case 'number':
      return isInteger || isFloat
    case 'boolean':
      return isBoolean
    case 'boolean or float':
      return isBoolean || isFloat
    case 'pair':
      return shapeOf(attribute.dataspace).join() === '2' && (stored === 'float' || stored === 'integer')
    case 'points':
      return stored === 'float' || stored === 'integer' || stored === 'enum'
    default:
      return assertNever(type)
  }
}

function isPolygon({ attribute }: MetadataEntry): boolean {
  const shape = shapeOf(attribute.dataspace)
  return shape.length === 2 && (shape[0] ?? 0) >= 3 && shape[1] === 2
}

function checkMissing(
  metadata: RootMetadata,
  hasFeature: (name: string) => boolean,
  findings: FindingList,
): void {
  const hasFluorescence = [1, 2, 3].some((channel) => hasFeature(`fl${channel}_max`))
  for (const name of listRequiredKeys(hasFluorescence)) {
    if (!metadata.has(name)) findings.add('V_MISSING', '/', `the attribute '${name}' is missing`)
  }
  for (const name of listDesiredKeys()) {
    if (!metadata.has(name)) findings.add('A_MISSING', '/', `the attribute '${name}' should be there`)
  }
  if (hasFeature('temp') && !metadata.has('setup:temperature')) {
    findings.add(
      'A_MISSING',
      '/',
      "the attribute 'setup:temperature' should be there beside the feature temp",
    )
  }
}

function checkPositive(metadata: RootMetadata, findings: FindingList): void {
  for (const name of POSITIVE_KEYS) {
    const value = metadata.getNumber(name)
    if (value !== undefined && !(value > 0))
      findings.add('V_VALUE', '/', `the attribute '${name}' should be above 0, but is ${value}`)
  }
}

function checkFlowRates(metadata: RootMetadata, findings: FindingList): void {
  const total = metadata.getNumber('setup:flow rate')
  const sample = metadata.getNumber('setup:flow rate sample')
  const sheath = metadata.getNumber('setup:flow rate sheath')
  if (total === undefined || sample === undefined || sheath === undefined) return
  if (Math.abs(sample + sheath - total) <= 1e-5 * Math.abs(total) + 1e-8) return
  findings.add('A_FLOW', '/', `flow rates do not add up: sample ${sample} + sheath ${sheath} is not ${total}`)
}

/** Source: Shape-In issue 3; these versions wrote CellCarrierB whatever medium had been chosen. */
const MEDIUM_MISTAKEN = /^2\.2\.(1\.0|2\.[0-4])$|^2\.3\.0\.0$/

function checkMedium(metadata: RootMetadata, findings: FindingList): void {
  const version = metadata.getText('setup:software version')?.replace(/dev$/, '') ?? ''
  if (metadata.get('setup:medium') !== 'CellCarrierB' || !MEDIUM_MISTAKEN.test(version)) return
  const message = `the attribute 'setup:medium' may be wrong: version ${version} of the acquisition program wrote CellCarrierB for every medium`
  findings.add('A_MEDIUM', '/', message)
}

/** Files of dclab before 0.3.3 are refused by dclab; it looks at what follows the name, up to the next blank. */
function checkVersion(metadata: RootMetadata, findings: FindingList): void {
  const [program, version = ''] = metadata.getText('setup:software version')?.split(' ') ?? []
  if (
    program !== 'dclab' ||
    !metadata.getText('setup:software version')?.includes(' ') ||
    isSince033(version)
  )
    return
  const message = `the attribute 'setup:software version' says that dclab '${showName(version)}' wrote this file: dclab opens those of 0.3.3 and newer`
  findings.add('V_VERSION', '/', message)
}

function isSince033(version: string): boolean {
  const [, major = '', minor = '0', patch = '0'] = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version) ?? []
  if (major === '') return false
  const parts = [Number(major), Number(minor), Number(patch)]
  const oldest = [0, 3, 3]
  const at = parts.findIndex((part, index) => part !== oldest[index])
  return at < 0 || (parts[at] ?? 0) > (oldest[at] ?? 0)
}
