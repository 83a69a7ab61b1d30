// Lets a worker thread run the TypeScript sources in unit tests. Only our own files are looked at: h5wasm is one line of 4 MB.
import { register } from 'node:module'

register('./typescript-loader.mjs', import.meta.url)
