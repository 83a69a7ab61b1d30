import { expect } from 'vitest'
import { InvalidInput } from '../../../src-main/errors.ts'
import { FileTokens } from '../../../src-main/bridge/file-tokens.ts'
import { InputRoots } from '../../../src-main/bridge/input-roots.ts'
import { JobPlans } from '../../../src-main/bridge/plan-jobs.ts'
import { rewriteSettingsSchema, type OutputChoice } from '../../../src-main/jobs/job-draft.ts'
import type { FileView } from '../../../src-main/jobs/file-view.ts'
import type { JobEvent } from '../../../src-main/jobs/job-life.ts'
import { JobQueue } from '../../../src-main/jobs/job-queue.ts'
import { JobStore } from '../../../src-main/jobs/job-store.ts'

/** A queue that lasts nowhere, whose processes do nothing until the test speaks for them. */
export async function makePlans(taken: readonly string[] = []) {
  const file = {
    path: '/queue',
    read: async () => undefined,
    write: async () => undefined,
    setAside: async () => '',
  }
  const store = new JobStore(file, ({ message }) => expect.fail(message))
  const emits: ((event: JobEvent) => void)[] = []
  const queue = await JobQueue.open({
    store,
    startProcess: (_job, emit) => {
      emits.push(emit)
      return {
        gone: Promise.resolve(),
        cancel: () => undefined,
        stop: () => undefined,
        kill: () => undefined,
      }
    },
    findLeftover: async () => null,
  })
  const tokens = new FileTokens()
  const lookup = {
    isTaken: async (path: string) => taken.includes(path),
    resolveLinks: async (path: string) => path,
  }
  const described: string[] = []
  const unreadable = new Set<string>()
  const stamps = new Map<string, string>()
  const inputRoots = new InputRoots()
  const plans = new JobPlans({
    ...{ queue, tokens, lookup, inputRoots },
    describe: async (path) => {
      described.push(path)
      if (unreadable.has(path)) throw new InvalidInput('E_MISSING', `${path} is gone`, { path })
      return describeFile(path)
    },
    stampOf: async (path) => stamps.get(path) ?? null,
  })
  return { queue, tokens, inputRoots, plans, emits, described, unreadable, stamps }
}

function describeFile(path: string): FileView {
  const attributes = [{ name: 'experiment:sample', text: 'HL60 / 1' }]
  return {
    ...{ path, bytes: 1, events: 1, identifier: '0123456789', attributes, features: [] },
    ...{ logs: [], tables: [], basins: [], otherGroups: [], warnings: [] },
  }
}

export const settings = rewriteSettingsSchema.parse({ events: { kind: 'all' } })

export function choose(changes: Partial<OutputChoice> = {}): OutputChoice {
  return { folder: null, name: '{stem}_weir', collision: 'refuse', ...changes }
}
