import { useNoticesStore } from './use-notices-store.ts'

/** Does what is asked of main; where that fails the user is told, and null is the answer. Never rejects. */
export async function attempt<Value>(ask: () => Promise<Value>): Promise<Value | null> {
  try {
    return await ask()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    useNoticesStore().add('failed', [{ path: null, message }])
    return null
  }
}
