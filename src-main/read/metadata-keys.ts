import { isScalarFeatureName } from './feature-names.ts'

/** Facts about the root attributes `section:key` of the format: which there are, what type they have, which must be there. */

/** `name`: lower-case text; `pair`: two floats; `free`: readers do not look at it; `unreadable`: no stored value can be read by dclab. */
export type KeyType =
  | 'text'
  | 'name'
  | 'integer'
  | 'float'
  | 'boolean'
  | 'boolean or float'
  | 'pair'
  | 'points'
  | 'number'
  | 'any'
  | 'free'
  | 'unreadable'

const KEYS: Readonly<Record<string, Readonly<Partial<Record<KeyType, string>>>>> = {
  calculation: {
    text: 'emodulus lut, emodulus medium, emodulus viscosity model',
    float:
      'crosstalk fl12, crosstalk fl13, crosstalk fl21, crosstalk fl23, crosstalk fl31, crosstalk fl32, emodulus temperature, ' +
      'emodulus viscosity',
  },
  experiment: {
    text: 'date, run identifier, sample, time',
    integer: 'event count, run index',
    float: 'timestamp',
  },
  filtering: {
    text: 'hierarchy parent',
    integer: 'limit events',
    boolean: 'enable filters, remove invalid events',
    unreadable: 'polygon filters',
  },
  fluorescence: {
    text: 'channel 1 name, channel 2 name, channel 3 name',
    integer:
      'baseline 1 offset, baseline 2 offset, baseline 3 offset, bit depth, channel count, channels installed, laser count, ' +
      'lasers installed, sample rate, samples per event, trace median',
    float:
      'laser 1 lambda, laser 1 power, laser 2 lambda, laser 2 power, laser 3 lambda, laser 3 power, signal max, signal min',
  },
  fmt_tdms: { integer: 'video frame offset' },
  imaging: {
    text: 'flash device',
    integer: 'roi position x, roi position y, roi size x, roi size y',
    float: 'flash duration, frame rate, pixel size',
  },
  online_contour: {
    boolean: 'bg empty, no absdiff',
    integer: 'bin area min, bin kernel, bin threshold, image blur',
  },
  online_filter: { float: 'target duration', integer: 'target event count' },
  pipeline: {
    text: 'dcnum background, dcnum data, dcnum feature, dcnum gate, dcnum generation, dcnum hash, dcnum mapping, dcnum segmenter',
    integer: 'dcnum yield',
  },
  qpi: {
    text:
      'software version, bg method, filter name, amp fit offset, amp fit profile, pha fit offset, pha fit profile, ' +
      'amp border loc, pha border loc, focus metric, focus minimizer, focus kernel',
    integer: 'padding, amp border px, pha border px, focus padding',
    float: 'wavelength, medium index, pixel size raw, filter size, pixel size proc',
    boolean: 'subtract mean, invert phase',
    'boolean or float': 'scale to filter',
    pair: 'sideband freq, focus interval',
  },
  setup: {
    text: 'identifier, medium, module composition, software version',
    name: 'chip identifier, chip region',
    float: 'channel width, flow rate, flow rate sample, flow rate sheath, temperature',
  },
}

const TYPE_OF_KEY: ReadonlyMap<string, KeyType> = new Map(
  Object.entries(KEYS).flatMap(([section, byType]) =>
    Object.entries(byType).flatMap(([type, keys]) =>
      keys.split(', ').map((key): [string, KeyType] => [`${section}:${key}`, type as KeyType]),
    ),
  ),
)

/** Sections that a file may have; `user` is free. */
const SECTIONS: ReadonlySet<string> = new Set([...Object.keys(KEYS), 'user'])

/** What no measurement lacks. */
const REQUIRED: Readonly<Record<string, string>> = {
  experiment: 'date, event count, run index, sample, time',
  imaging:
    'flash device, flash duration, frame rate, pixel size, roi position x, roi position y, roi size x, roi size y',
  setup: 'channel width, chip region, flow rate, medium',
}

/** What measurements with fluorescence do not lack either. */
const REQUIRED_FLUORESCENCE =
  'bit depth, channel count, channels installed, laser count, lasers installed, sample rate, samples per event, ' +
  'signal max, signal min, trace median'

/** What is worth having: readers ask for it, but manage without. */
const DESIRED = 'flow rate sample, flow rate sheath, identifier, module composition, software version'

/** Keys whose value must be above 0. */
export const POSITIVE_KEYS = [
  'imaging:frame rate',
  'imaging:pixel size',
  'setup:channel width',
  'setup:flow rate',
] as const

export function isKnownSection(section: string): boolean {
  return SECTIONS.has(section)
}

/** Sections that readers keep while they work with a file; they ignore what a file says there. */
export function isSectionOfReaders(section: string): boolean {
  return section === 'calculation' || section === 'filtering'
}

/** Type that an attribute should have; undefined: not a key that the format defines. Keys count without regard to case. */
export function findKeyType(section: string, key: string): KeyType | undefined {
  if (section === 'user') return key.trim() === '' ? undefined : 'any'
  const known = TYPE_OF_KEY.get(`${section}:${key.toLowerCase()}`)
  if (known !== undefined) return known
  if (section === 'online_filter') return findFilterType(key.toLowerCase())
  return section === 'filtering' ? findRangeType(key.toLowerCase()) : undefined
}

/** Spec: `<feature> min|max`, of whatever type. */
function findRangeType(key: string): KeyType | undefined {
  const [, feature = ''] = /^([^ ,]+) (?:min|max)$/.exec(key) ?? []
  return isScalarFeatureName(feature) ? 'free' : undefined
}

/** Spec: `<feature> min|max|soft limit`, `<f1>,<f2> soft limit|polygon points`. */
function findFilterType(key: string): KeyType | undefined {
  const match = /^([^ ,]+)(?:,([^ ,]+))? (min|max|soft limit|polygon points)$/.exec(key)
  const [, first, second, what] = match ?? []
  if (
    first === undefined ||
    !isScalarFeatureName(first) ||
    (second !== undefined && !isScalarFeatureName(second))
  )
    return undefined
  if (what === 'soft limit') return 'boolean'
  if (what === 'polygon points') return second === undefined ? undefined : 'points'
  return second === undefined ? 'number' : undefined
}

/** Names `section:key` that must be there. */
export function listRequiredKeys(hasFluorescence: boolean): string[] {
  const sections = Object.entries({
    ...REQUIRED,
    ...(hasFluorescence && { fluorescence: REQUIRED_FLUORESCENCE }),
  })
  return sections.flatMap(([section, keys]) => keys.split(', ').map((key) => `${section}:${key}`))
}

/** Names `section:key` that should be there. */
export function listDesiredKeys(): string[] {
  return DESIRED.split(', ').map((key) => `setup:${key}`)
}
