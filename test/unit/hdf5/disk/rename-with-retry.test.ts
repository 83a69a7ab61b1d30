import { expect, test } from 'vitest'
import { renameWithRetry } from '../../../../src-main/hdf5/disk/rename-with-retry.ts'

function makeAttempt(failures: number, code: string) {
  const pauses: number[] = []
  let calls = 0
  return {
    pauses,
    calls: () => calls,
    attempt: async () => {
      calls += 1
      if (calls <= failures) throw Object.assign(new Error(code), { code })
    },
    pause: async (milliseconds: number) => void pauses.push(milliseconds),
  }
}

test.each(['EPERM', 'EACCES', 'EBUSY'])(
  'tries again on Windows while another program holds the file (%s)',
  async (code) => {
    const fake = makeAttempt(5, code)
    await renameWithRetry('a', 'b', { platform: 'win32', ...fake })
    expect(fake.calls()).toBe(6)
    expect(fake.pauses).toEqual([25, 50, 100, 200, 400])
  },
)

test('gives up after a minute of pauses', async () => {
  const fake = makeAttempt(Infinity, 'EBUSY')
  await expect(renameWithRetry('a', 'b', { platform: 'win32', ...fake })).rejects.toMatchObject({
    code: 'EBUSY',
  })
  expect(fake.pauses.reduce((sum, pause) => sum + pause, 0)).toBe(60_000)
})

test('does not wait where waiting does not help', async () => {
  const elsewhere = makeAttempt(1, 'EACCES')
  await expect(renameWithRetry('a', 'b', { platform: 'linux', ...elsewhere })).rejects.toThrow()
  const otherError = makeAttempt(1, 'ENOENT')
  await expect(renameWithRetry('a', 'b', { platform: 'win32', ...otherError })).rejects.toThrow()
  expect(elsewhere.pauses.concat(otherError.pauses)).toEqual([])
})
