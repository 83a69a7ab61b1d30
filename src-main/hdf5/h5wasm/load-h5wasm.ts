import type { Module } from 'h5wasm/node'
import { TextCapture } from './text-capture.ts'

/** The WebAssembly build of HDF5. */
export type Hdf5Library = typeof Module

export interface LoadedHdf5 {
  readonly library: Hdf5Library
  /** What the library prints, its error stacks above all. */
  readonly output: TextCapture
}

type WriteCall = readonly [
  stream: { readonly fd?: number },
  buffer: ArrayBufferView,
  offset: number,
  length: number,
  position?: number,
]

/** The part of emscripten's file system that is used; its own types leave it out. */
interface EmscriptenFileSystem {
  write: (...call: WriteCall) => number
}

/**
 * Loads h5wasm and leads what it prints into a buffer. The only place that imports it.
 *
 * Differs: its throwing error handler stays off. It throws through C code that then never closes what it had opened,
 * and leaves a file in /tmp open for each error. The printing handler is the library's own: calls end properly, and
 * the text is here.
 */
export async function loadH5wasm(): Promise<LoadedHdf5> {
  const output = new TextCapture()
  const library = await withoutNavigator(async () => (await import('h5wasm/node')).ready)
  const files = library.FS as unknown as EmscriptenFileSystem
  const { write } = files
  files.write = (...call) => {
    const [stream, buffer, offset, length] = call
    if (stream.fd !== 1 && stream.fd !== 2) return write(...call)
    output.add(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length))
    return length
  }
  return { library, output }
}

/** Node 21 and later have a `navigator`, which emscripten's check takes for a browser. Source: README of h5wasm. */
async function withoutNavigator<T>(work: () => Promise<T>): Promise<T> {
  const navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator')
  if (!navigator?.configurable) return work()
  Object.defineProperty(globalThis, 'navigator', { value: undefined, configurable: true, writable: true })
  try {
    return await work()
  } finally {
    Object.defineProperty(globalThis, 'navigator', navigator)
  }
}
