import { describe, expect, test } from 'vitest'
import {
  formatByteRate,
  formatBytes,
  formatDuration,
  formatMegabytes,
  formatPercent,
} from '../../../../src-renderer/ui/format-figures.ts'

/** Figures and their units are kept together by a no-break space. */
function plain(text: string): string {
  return text.replaceAll('\u00a0', ' ')
}

describe('figures', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [812_345_678, '812 MB'],
    [2_310_000_000, '2.31 GB'],
    [5_600_000_000_000, '5.60 TB'],
  ])('%d bytes are %s: decimal units, three digits', (bytes, text) => {
    expect(plain(formatBytes(bytes))).toBe(text)
  })

  test('megabytes have a decimal below 100 and none above', () => {
    expect([0, 12_420_000, 99_940_000, 100_663_296].map(formatMegabytes)).toEqual([
      '0.0',
      '12.4',
      '99.9',
      '101',
    ])
  })

  test.each([
    [0, '0.0 s'],
    [8.42, '8.4 s'],
    [9.97, '10 s'],
    [59.6, '1 min 00 s'],
    [65, '1 min 05 s'],
    [7620, '2 h 07 min'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(plain(formatDuration(seconds))).toBe(text)
  })

  test('rates and shares carry their unit', () => {
    expect(plain(formatByteRate(123_400_000))).toBe('123 MB/s')
    expect(plain(formatPercent(0.634))).toBe('63 %')
  })
})
