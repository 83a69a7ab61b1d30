// Says whether anything changed: a hash of names and contents, so that deleted files and older times count too.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { projectFolder } from './project.mjs'

/** SHA-256 of those files of the project, as hexadecimal text. */
export async function hashFiles(given) {
  const paths = [...given].sort()
  const contents = await Promise.all(paths.map((path) => readFile(path)))
  const hash = createHash('sha256')
  paths.forEach((path, index) => {
    hash.update(`${relative(projectFolder, path)}\0${contents[index].length}\0`)
    hash.update(contents[index])
  })
  return hash.digest('hex')
}

/** All files of a folder of the project and below, as absolute paths. */
export async function listFiles(name) {
  const entries = await readdir(join(projectFolder, name), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** For `catch`: a file that is not there is an answer. */
export function ignoreMissing(error) {
  if (error.code !== 'ENOENT') throw error
}
