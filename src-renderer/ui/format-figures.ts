/** Figures as the window shows them: decimal units (1 MB = 10^6 bytes), each with its unit, a no-break space between. */

const LOCALE = 'en'
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const
const MEGABYTE = 1e6

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 })
const oneDigit = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const twoDigits = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** As `4,812`. */
export function formatCount(count: number): string {
  return whole.format(count)
}

/** As `2.31 GB`: the largest unit that leaves at least 1, with three digits. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), BYTE_UNITS.length - 1)
  const value = bytes / 1000 ** power
  return `${power === 0 ? whole.format(value) : formatThreeDigits(value)}\u00a0${BYTE_UNITS[power] ?? 'B'}`
}

/** Always in MB, so that two figures beside each other compare: `12.4`, from 100 on without a decimal. */
export function formatMegabytes(bytes: number): string {
  const megabytes = bytes / MEGABYTE
  return megabytes < 99.95 ? oneDigit.format(megabytes) : whole.format(megabytes)
}

/** As `123 MB/s`. */
export function formatByteRate(bytesPerSecond: number): string {
  return `${formatMegabytes(bytesPerSecond)}\u00a0MB/s`
}

/** As `63 %`; share 0 to 1. */
export function formatPercent(share: number): string {
  return `${whole.format(share * 100)}\u00a0%`
}

/** As `2.41 to 1`: how much smaller the output is. */
export function formatRatio(ratio: number): string {
  return formatThreeDigits(ratio)
}

/** As `8.4 s`, `1 min 05 s`, `2 h 07 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${oneDigit.format(seconds)}\u00a0s`
  const rounded = Math.round(seconds)
  if (rounded < 60) return `${rounded}\u00a0s`
  const minutes = Math.floor(rounded / 60)
  if (minutes < 60) return `${minutes}\u00a0min ${pad(rounded % 60)}\u00a0s`
  return `${whole.format(Math.floor(minutes / 60))}\u00a0h ${pad(minutes % 60)}\u00a0min`
}

/** As `24 Nov 2026, 14:05:12`, in the time of the place. `time`: ISO 8601. */
export function formatTime(time: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(time))
}

/** As `14:05`, in the time of the place; what is no time stays as it is. `time`: ISO 8601. */
export function formatTimeOfDay(time: string): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return time
  return new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' }).format(date)
}

function formatThreeDigits(value: number): string {
  if (value < 9.995) return twoDigits.format(value)
  return value < 99.95 ? oneDigit.format(value) : whole.format(value)
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
