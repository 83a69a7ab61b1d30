import { lstat, realpath } from 'node:fs/promises'
import type { PlaceLookup } from '../jobs/plan-output.ts'

/** What stands on the disk, asked without ever failing: a place that cannot be looked at is the job's to find out about. */
export const diskLookup: PlaceLookup = {
  isTaken: async (path) => (await orUndefined(lstat(path))) !== undefined,
  resolveLinks: async (path) => (await orUndefined(realpath(path))) ?? path,
}

async function orUndefined<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return undefined
    throw error
  }
}
