const BYTE_UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** Bytes for people, decimal units: `950 bytes`, `1.5 kB`, `38 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  if (unit === 0) return formatCount(bytes, 'byte')
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${BYTE_UNITS[unit]}`
}

/** Two numbers of bytes that are compared: exact where they would look the same. */
export function formatBytesApart(one: number, other: number): [string, string] {
  const rounded: [string, string] = [formatBytes(one), formatBytes(other)]
  return rounded[0] === rounded[1] ? [formatCount(one, 'byte'), formatCount(other, 'byte')] : rounded
}

/** `1 event`, `2 events`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
