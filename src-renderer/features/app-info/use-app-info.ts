import { readAppInfo } from '../../bridge.ts'
import { useAppInfoStore } from './use-app-info-store.ts'

/** Asks the main side what runs here and keeps the answer in the store. Never rejects. */
export async function loadAppInfo(): Promise<void> {
  const store = useAppInfoStore()
  try {
    store.info = await readAppInfo()
  } catch (error) {
    store.failure = error instanceof Error ? error.message : String(error)
  }
}
