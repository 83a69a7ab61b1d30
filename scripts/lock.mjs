// One process at a time does a set-up step; another that comes meanwhile waits for it.
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { join } from 'node:path'
import { cacheFolder, Refusal, say } from './project.mjs'

const waitLimitMs = 15 * 60_000

/** Runs `action` while holding the lock of that name. A lock whose owner no longer lives is taken over. */
export async function withLock(name, action) {
  await mkdir(cacheFolder, { recursive: true })
  const path = join(cacheFolder, `${name}.lock`)
  await takeLock(path, name)
  try {
    return await action()
  } finally {
    await rm(path, { force: true })
  }
}

async function takeLock(path, name) {
  const deadline = Date.now() + waitLimitMs
  for (let round = 0; Date.now() < deadline; round++) {
    if (await createLock(path)) return
    if (await isAbandoned(path)) {
      await rm(path, { force: true })
      continue
    }
    if (round === 0) say(`waiting for another process that is busy with "${name}"`)
    await delay(300)
  }
  throw new Refusal(`"${name}" has been locked for 15 minutes; if nothing runs, delete ${path}`)
}

async function createLock(path) {
  try {
    const file = await open(path, 'wx')
    await file.writeFile(String(process.pid))
    await file.close()
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

async function isAbandoned(path) {
  const text = await readFile(path, 'utf8').catch(() => null)
  // Gone meanwhile, or created this instant and not yet written.
  if (text === null || text === '') return false
  try {
    process.kill(Number(text), 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}
