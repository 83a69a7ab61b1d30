import type { Token } from '../../../src-preload/contract.ts'
import { BridgeError, lookAtIndices } from '../../bridge.ts'
import { useIndexListsStore } from './use-index-lists-store.ts'

/** Which numbers of events were asked about last, by the list. */
const asked = new Map<Token, string>()

/** Asks what a list of events holds, unless the same was asked before. Never rejects. */
export async function lookAtList(list: Token, eventCounts: readonly number[]): Promise<void> {
  if (asked.get(list) !== describe(eventCounts)) await lookAgain(list, eventCounts)
}

/** Asks in any case, as after a change of the file; what was known stays until the answer is there. Never rejects. */
export async function lookAgain(list: Token, eventCounts: readonly number[]): Promise<void> {
  const { lists } = useIndexListsStore()
  const question = describe(eventCounts)
  asked.set(list, question)
  if (lists.get(list)?.state !== 'there') lists.set(list, { state: 'loading' })
  const answer = await ask(list, eventCounts)
  // Meanwhile something newer may have been asked.
  if (asked.get(list) === question) lists.set(list, answer)
}

async function ask(list: Token, eventCounts: readonly number[]) {
  try {
    return { state: 'there', value: await lookAtIndices(list, eventCounts) } as const
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return {
      state: 'failed',
      code: error instanceof BridgeError ? error.code : 'E_INTERNAL',
      message,
    } as const
  }
}

function describe(eventCounts: readonly number[]): string {
  return [...new Set(eventCounts)].sort((one, other) => one - other).join(' ')
}
