// What a hostile or careless file may hold: HTML wherever there is text, and ways out to other files.
import { join } from 'node:path'
import { projectFolder } from '../../../scripts/project.mjs'

export const hostileText = '<img src=x onerror="window.wasInjected=1">'

/** Basins that lead out: to a folder that nobody chose, to another computer, up from the file's own folder. */
const basins = {
  absolute: ['/absent-folder/elsewhere/basin.rtdc'],
  network: ['\\\\host.invalid\\share\\basin.rtdc'],
  upward: ['../../../../etc/basin.rtdc'],
}

/** Adds to the measurement at `path`: a log, basins, links to other files. */
export async function addHostileContent(path) {
  // Where there is a `navigator` (Node 21 and later), emscripten takes it for a browser.
  if ('navigator' in globalThis) {
    Object.defineProperty(globalThis, 'navigator', { value: undefined, configurable: true })
  }
  const { File, ready } = await import('h5wasm/node')
  const library = await ready
  library.insert_plugin_search_path(join(projectFolder, 'node_modules', 'h5wasm-plugins', 'plugins'), 0)
  const file = new File(path, 'a')
  try {
    addLines(file, `logs/${hostileText.replaceAll('/', '')}`, [
      hostileText,
      '<script>window.wasInjected=1</script>',
    ])
    for (const [name, paths] of Object.entries(basins)) {
      const definition = {
        type: 'file',
        format: 'hdf5',
        name: hostileText,
        description: hostileText,
        paths,
        features: ['deform'],
      }
      addLines(file, `basins/${name}`, JSON.stringify(definition, null, 2).split('\n'))
    }
    file.get('/events').create_external_link('/etc/hostname', '/events', 'linked')
    file.get('/events').create_soft_link('/absent', 'broken')
  } finally {
    file.close()
  }
}

function addLines(file, name, lines) {
  const [group] = name.split('/')
  if (!file.keys().includes(group)) file.create_group(group)
  file.create_dataset({ name, data: lines, shape: [lines.length], dtype: 'S' })
}
