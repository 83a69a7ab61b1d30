import { lstat, realpath, stat } from 'node:fs/promises'
import type { PlaceLookup } from '../jobs/plan-output.ts'

/** What stands on the disk, asked without ever failing: a place that cannot be looked at is the job's to find out about. */
export const diskLookup: PlaceLookup = {
  isTaken: async (path) => (await orUndefined(lstat(path))) !== undefined,
  resolveLinks: async (path) => (await orUndefined(realpath(path))) ?? path,
}

/** Another text as soon as there may be another content; null: nothing can be told. */
export async function stampOf(path: string): Promise<string | null> {
  const facts = await orUndefined(stat(path, { bigint: true }))
  return facts === undefined ? null : `${facts.ino} ${facts.size} ${facts.mtimeNs}`
}

async function orUndefined<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return undefined
    throw error
  }
}
