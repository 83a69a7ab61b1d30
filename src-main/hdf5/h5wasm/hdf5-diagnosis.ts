import { Hdf5Error, Unsupported, type ErrorDetails, type WeirError } from '../../errors.ts'

/** One entry of HDF5's error stack; the first is the call from outside, the last the cause. */
export interface DiagnosisRecord {
  readonly file: string
  readonly line: number
  readonly function: string
  readonly description: string
  readonly major: string
  readonly minor: string
}

const ENTRY = /^\s*#\d+: (.*) line (\d+) in (\w+)\(\): ?(.*)$/
const CLASS = /^\s*(major|minor): (.*)$/

/** Reads the text that HDF5 prints for an error ("HDF5-DIAG: ..."); lines of another form are passed over. */
export function parseDiagnosis(text: string): readonly DiagnosisRecord[] {
  const records: DiagnosisRecord[] = []
  for (const line of text.split('\n')) {
    const entry = ENTRY.exec(line)
    if (entry) {
      const [, path = '', number = '0', name = '', description = ''] = entry
      const file = path.replace(/^.*[/\\]/, '')
      records.push({ file, line: Number(number), function: name, description, major: '', minor: '' })
    }
    const classes = CLASS.exec(line)
    const last = records.at(-1)
    if (classes && last) records[records.length - 1] = { ...last, [classes[1]!]: classes[2] }
  }
  return records
}

/** A deliberate error with the cause in HDF5's words; `text` is what it printed, maybe nothing. */
export function toHdf5Error(text: string, details: ErrorDetails): WeirError {
  const records = parseDiagnosis(text)
  const cause = records.at(-1)
  const what = describePlace(details)
  if (!cause) return new Hdf5Error('E_META', `${what}HDF5 refused it without a reason`, details)
  const code = codeOf(records)
  const message = `${what}${cause.description} (HDF5 ${cause.function}: ${cause.major}, ${cause.minor})`
  return code === 'E_FILTER' ? new Unsupported(code, message, details) : new Hdf5Error(code, message, details)
}

function describePlace(details: ErrorDetails): string {
  const place = [details.path, details.object].filter((part) => part !== undefined).join(': ')
  return place === '' ? '' : `${place}: `
}

/** The library tells kinds of trouble apart only by its words. */
function codeOf(records: readonly DiagnosisRecord[]): string {
  const has = (pattern: RegExp) => records.some((record) => pattern.test(record.description))
  const hasMajor = (major: string) => records.some((record) => record.major === major)
  if (
    has(/required filter .* is not registered|filter .* is not available|unable to load .*filter|plugin/i)
  ) {
    return 'E_FILTER'
  }
  if (hasMajor('Data filters')) return 'E_CHUNK'
  if (has(/file signature not found/)) return 'E_MAGIC'
  if (has(/truncated file/)) return 'E_TRUNC'
  if (has(/superblock/)) return 'E_SUPER'
  if (has(/doesn't exist|not found/)) return 'E_MISSING'
  return hasMajor('Datatype') ? 'E_TYPE' : 'E_META'
}
