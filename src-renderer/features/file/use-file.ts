import type { Token } from '../../../src-preload/contract.ts'
import { BridgeError, confirmBasinFolder, describeFile, readLog } from '../../bridge.ts'
import { type Asked, useFileStore } from './use-file-store.ts'

/** Opening files one after the other is kind to a disk or share that jobs are reading from as well. */
const MOST_AT_ONCE = 2

let waiting: readonly Token[] = []
let underWay = 0

/** Asks for what these files hold, each once. What an earlier call wanted and was not begun is left. Never rejects. */
export function describeFiles(tokens: readonly Token[]): void {
  const { files } = useFileStore()
  waiting = tokens.filter((token) => !files.has(token))
  beginNext()
}

/** Asks at once for what this file holds, if it is not known. Never rejects. */
export async function describeOnce(token: Token): Promise<void> {
  if (!useFileStore().files.has(token)) await describe(token)
}

/** Asks again, as after a failure or a change of the file; what was known stays until the answer is there. Never rejects. */
export async function describeAgain(token: Token): Promise<void> {
  useFileStore().forgetLogs(token)
  await describe(token)
}

/** Lets the user confirm the folder, then looks again whether the basins are there. Never rejects. */
export async function lookInFolder(token: Token, folder: string): Promise<void> {
  try {
    if (await confirmBasinFolder(token, folder)) await describeAgain(token)
  } catch (error) {
    useFileStore().setFile(token, toFailure(error))
  }
}

/** Asks for the text of a log, once. Never rejects. */
export async function openLog(token: Token, name: string): Promise<void> {
  const store = useFileStore()
  const known = store.readLog(token, name)
  if (known !== undefined && known.state !== 'failed') return
  store.setLog(token, name, { state: 'loading' })
  try {
    store.setLog(token, name, { state: 'there', value: await readLog(token, name) })
  } catch (error) {
    store.setLog(token, name, toFailure(error))
  }
}

function beginNext(): void {
  while (underWay < MOST_AT_ONCE) {
    const [next, ...others] = waiting
    if (next === undefined) return
    waiting = others
    underWay += 1
    void describe(next).then(() => {
      underWay -= 1
      beginNext()
    })
  }
}

async function describe(token: Token): Promise<void> {
  const store = useFileStore()
  if (store.readView(token) === null) store.setFile(token, { state: 'loading' })
  try {
    store.setFile(token, { state: 'there', value: await describeFile(token) })
  } catch (error) {
    store.setFile(token, toFailure(error))
  }
}

function toFailure(error: unknown): Asked<never> & { readonly state: 'failed' } {
  const message = error instanceof Error ? error.message : String(error)
  return { state: 'failed', code: error instanceof BridgeError ? error.code : 'E_INTERNAL', message }
}
