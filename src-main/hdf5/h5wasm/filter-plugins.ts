import { createHash } from 'node:crypto'
import { Internal } from '../../errors.ts'
import type { Hdf5Library } from './load-h5wasm.ts'

/** SHA-256 of the WebAssembly filters in h5wasm-plugins 0.2.1. */
const PLUGIN_DIGESTS: ReadonlyMap<string, string> = new Map([
  ['libH5Zbitgroom.so', '7f48fe8aa1dfec68e0235f5a91a318dd716ecdd222d68a7dfefa234a197d07f3'],
  ['libH5Zbitround.so', '1c57585e88a1808ca1a853ebb8c76d1a31f6614c2b19fe4b0c9d084fa9ee0bd3'],
  ['libH5Zblosc.so', 'f91664d94beefa27996820d8c6b2e36ebb0e782da73458cb2efe92cd5ec05b11'],
  ['libH5Zblosc2.so', '7aba350c06407808d49eae34fb71cb72d9941cf9c09717c7ed48fc7fc0f8f9da'],
  ['libH5Zbshuf.so', '5f7b2323d12335338f59723dc713c4e7cefdb146f6bad06aa1fe1c2781be0e44'],
  ['libH5Zbz2.so', 'f14f04d621c53d70dbe1875c908e2a324b3d4fb4f059d9746e7d13645c8c1fbc'],
  ['libH5Zjpeg.so', 'a3e5d9e2869ca12fd82117ed2828ea4c3e058483978639bce3e567eb1a3586df'],
  ['libH5Zlz4.so', 'c5e49842c9067bc9db9ee46431a9ac16d099317aa3005eae1a2b90278885663b'],
  ['libH5Zlzf.so', '8580c055544423c05028ce731b401fcee54a162c2cbf9412f5419e0e61f1530a'],
  ['libH5Zzfp.so', '9b558529b975b8f3afcaedbad16db23e6e6d2499bf459d9d801a04ce2bd315ac'],
  ['libH5Zzstd.so', '2759c61d1bcb9d5c7fe9e2ee47688a868feddedbccbbce32bd032d29604d1238'],
])

/** The part of emscripten's file system that is used: the real one of this computer. */
interface FolderReader {
  readdir(path: string): string[]
  readFile(path: string): Uint8Array
}

/**
 * Lets HDF5 load filters from that folder and from nowhere else: not from the places built into it, nor from those
 * that the environment names. Every file must be the known one; throws Internal otherwise.
 */
export function useOnlyPlugins(library: Hdf5Library, folder: string): void {
  requireKnownFiles(library.FS, folder)
  while (library.get_plugin_search_paths().length > 0) library.remove_plugin_search_path(0)
  library.insert_plugin_search_path(folder, 0)
}

function requireKnownFiles(files: FolderReader, folder: string): void {
  for (const name of files.readdir(folder)) {
    if (name === '.' || name === '..') continue
    const digest = createHash('sha256')
      .update(files.readFile(`${folder}/${name}`))
      .digest('hex')
    if (PLUGIN_DIGESTS.get(name) === digest) continue
    throw new Internal(`${folder}: ${name} is not the filter that Weir was made with; install Weir again`, {
      path: folder,
      expected: PLUGIN_DIGESTS.get(name),
      actual: digest,
    })
  }
}
