import { describe, expect, test } from 'vitest'
import { checkSpace, type SpaceNeed } from '../../../src-main/job-process/check-space.ts'
import type { OutputTarget } from '../../../src-main/job-process/output-target.ts'
import { compressionSchema } from '../../../src-main/jobs/job-schema.ts'

const target = { path: '/disk/out.rtdc', nearestFolder: '/disk' } as OutputTarget

function check(need: Pick<SpaceNeed, 'rawBytes' | 'estimatedBytes'>, freeBytes: number): string[] {
  const compression = compressionSchema.parse({ codec: 'none' })
  return checkSpace(target, { ...need, compression }, freeBytes).map(({ message }) => message)
}

describe('what is needed and what is free', () => {
  test.each([
    [51_234, 51_200, '51234 bytes needed, 51200 bytes free'],
    [51_234, 1, '51 kB needed, 1 byte free'],
    [1, 0, '1 byte needed, 0 bytes free'],
    [3_000_000_001, 3_000_000_000, '3000000001 bytes needed, 3000000000 bytes free'],
    [7e9, 2e6, '7.0 GB needed, 2.0 MB free'],
  ])('differ in words: %d of %d bytes', (rawBytes, freeBytes, words) => {
    expect(() => check({ rawBytes, estimatedBytes: rawBytes }, freeBytes)).toThrow(
      `at least ${words} in /disk`,
    )
    expect(check({ rawBytes: 0, estimatedBytes: rawBytes }, freeBytes)).toEqual([
      `/disk/out.rtdc: about ${words} in /disk; it may not be enough`,
    ])
  })

  test('are told exactly to programs', () => {
    const exact: unknown = expect.objectContaining({ code: 'E_OUT_SPACE', expected: 51_234, actual: 51_200 })
    expect(() => check({ rawBytes: 51_234, estimatedBytes: 0 }, 51_200)).toThrow(exact)
  })
})
