import type { Token } from '../../../src-preload/contract.ts'
import {
  BridgeError,
  checkRelink,
  chooseBasinFile,
  chooseOutputFolder,
  relinkBasins,
  startJobs,
} from '../../bridge.ts'
import { attempt } from '../notices/attempt.ts'
import { useNoticesStore } from '../notices/use-notices-store.ts'
import { markAdded } from '../queue/use-add-files.ts'
import { useAddingStore } from '../queue/use-adding-store.ts'
import { useBasinsStore } from './use-basins-store.ts'

/** Making a broken basin lead somewhere, in a copy: the file itself is never changed. None of these rejects. */

/** Asks the user for the file of a basin, and main whether it is the right one. */
export async function chooseForBasin(token: Token, key: string): Promise<void> {
  const file = await attempt(chooseBasinFile)
  if (file === null) return
  const store = useBasinsStore()
  store.setRelink(token, { key, file, report: { state: 'loading' } })
  try {
    const report = await checkRelink(token, key, file.token)
    store.setRelink(token, { key, file, report: { state: 'there', value: report } })
  } catch (error) {
    const code = error instanceof BridgeError ? error.code : 'E_INTERNAL'
    const message = error instanceof Error ? error.message : String(error)
    store.setRelink(token, { key, file, report: { state: 'failed', code, message } })
  }
}

export async function chooseRepairFolder(): Promise<void> {
  const folder = await attempt(chooseOutputFolder)
  const store = useBasinsStore()
  if (folder !== null) store.output = { ...store.output, folder }
}

/** Adds the job that writes the repaired copy, and starts it. */
export async function writeRepaired(token: Token): Promise<void> {
  const store = useBasinsStore()
  const good = store.listGood(token)
  if (good.length === 0) return
  const { folder, name, collision } = store.output
  const draft = {
    file: token,
    links: good.map(({ key, file }) => ({ key, file: file.token })),
    output: { folder: folder?.token ?? null, name: name.trim(), collision },
  }
  const added = await attempt(() => relinkBasins(draft))
  if (added === null) return
  if (added.refused.length > 0) useNoticesStore().add('refused', added.refused)
  useAddingStore().addedIds = added.ids
  markAdded()
  await attempt(() => startJobs(added.ids))
  store.relinks.delete(token)
}
