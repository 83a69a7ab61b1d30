import { KERNELS_BASE64 } from './kernels-binary.ts'

/** What scripts/kernels/compose-wat.mjs makes; addresses and lengths in bytes. */
interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  sum(from: number, stop: number, low: number, high: number): bigint
  turn(from: number, to: number, columns: number, rows: number, stop: number): void
  readonly split2: Planes
  readonly split4: Planes
  readonly split8: Planes
  readonly join2: Planes
  readonly join4: Planes
  readonly join8: Planes
}

type Planes = (from: number, to: number, count: number, stop: number) => void

const VECTOR = 16
const PAGE_BYTES = 65_536
/** What is larger is left to the caller, so that a thread does not keep the memory of one huge chunk. */
const MOST_BYTES = 16 * 2 ** 20
const STRIPE_COLUMNS = 256
const SUM_PIECE_BYTES = 256 * 1024

/** The part of WebAssembly that is used here; the types of Node 20 lack it. */
interface Engine {
  readonly Module: new (binary: Uint8Array) => object
  readonly Instance: new (compiled: object) => Readonly<Record<'exports', object>>
}

let loaded: Kernels | undefined

/**
 * The bytes of a matrix, turned: what was in row r and column c comes to row c and column r. Undefined for shapes and sizes that the
 * kernels do not have: one side of 2, 4 or 8 or both of 16 and more.
 */
export function turnBytes(
  data: Uint8Array,
  rows: number,
  columns: number,
): Uint8Array<ArrayBuffer> | undefined {
  const byteCount = rows * columns
  const kind = byteCount > MOST_BYTES ? undefined : chooseKernel(rows, columns)
  if (kind === undefined) return undefined
  const to = roundUp(byteCount)
  const kernels = loadKernels(2 * to)
  const memory = new Uint8Array(kernels.memory.buffer)
  memory.set(data.subarray(0, byteCount))
  switch (kind) {
    case 'split':
      split(kernels[`split${columns as 2 | 4 | 8}`], { to, rows, columns })
      break
    case 'join':
      join(kernels[`join${rows as 2 | 4 | 8}`], { to, rows, columns })
      break
    case 'turn':
      turn(kernels, { to, rows, columns })
      break
  }
  return memory.slice(to, to + byteCount)
}

/** Both sums of Fletcher-32 over the 16-bit words of whole vectors, as the machine has them, and how many bytes that were. */
export function sumVectors(data: Uint8Array): {
  readonly low: number
  readonly high: number
  readonly bytes: number
} {
  const bytes = data.byteLength - (data.byteLength % VECTOR)
  const kernels = loadKernels(SUM_PIECE_BYTES)
  const memory = new Uint8Array(kernels.memory.buffer)
  let low = 0
  let high = 0
  for (let start = 0; start < bytes; start += SUM_PIECE_BYTES) {
    const piece = data.subarray(start, Math.min(start + SUM_PIECE_BYTES, bytes))
    memory.set(piece)
    const sums = Number(kernels.sum(0, piece.byteLength, low, high))
    low = sums & 0xffff
    high = sums >>> 16
  }
  return { low, high, bytes }
}

interface Turning {
  /** Where the result begins; the source begins at 0. */
  readonly to: number
  readonly rows: number
  readonly columns: number
}

function chooseKernel(rows: number, columns: number): 'split' | 'join' | 'turn' | undefined {
  const isSmall = (length: number): boolean => length === 2 || length === 4 || length === 8
  if (isSmall(columns) && rows >= VECTOR) return 'split'
  if (isSmall(rows) && columns >= VECTOR) return 'join'
  return rows >= VECTOR && columns >= VECTOR ? 'turn' : undefined
}

/** The last vectors are done once more, ending where the planes end: nothing is left over then. */
function split(kernel: Planes, { to, rows, columns }: Turning): void {
  kernel(0, to, rows, to + rows - (rows % VECTOR))
  if (rows % VECTOR > 0) kernel((rows - VECTOR) * columns, to + rows - VECTOR, rows, to + rows)
}

function join(kernel: Planes, { to, rows, columns }: Turning): void {
  kernel(0, to, columns, columns - (columns % VECTOR))
  if (columns % VECTOR > 0) kernel(columns - VECTOR, to + (columns - VECTOR) * rows, columns, columns)
}

/** In stripes of columns, so that what is read and what is written stay near. */
function turn(kernels: Kernels, { to, rows, columns }: Turning): void {
  const starts = startsOfBlocks(rows)
  const whole = columns - (columns % VECTOR)
  for (let first = 0; first < whole; first += STRIPE_COLUMNS) {
    const stop = Math.min(first + STRIPE_COLUMNS, whole)
    for (const row of starts) {
      const from = row * columns
      kernels.turn(from + first, to + first * rows + row, columns, rows, from + stop)
    }
  }
  const last = columns - VECTOR
  if (whole === columns) return
  for (const row of starts)
    kernels.turn(row * columns + last, to + last * rows + row, columns, rows, (row + 1) * columns)
}

function startsOfBlocks(length: number): number[] {
  const starts = Array.from({ length: Math.floor(length / VECTOR) }, (_, index) => index * VECTOR)
  return length % VECTOR === 0 ? starts : [...starts, length - VECTOR]
}

/** One instance a thread, its memory as large as the largest chunk so far. */
function loadKernels(byteCount: number): Kernels {
  loaded ??= instantiate()
  const missing = byteCount - loaded.memory.buffer.byteLength
  if (missing > 0) loaded.memory.grow(Math.ceil(missing / PAGE_BYTES))
  return loaded
}

function instantiate(): Kernels {
  const { WebAssembly: engine } = globalThis as unknown as { readonly WebAssembly: Engine }
  // What the binary exports is what its source says; a test holds the two together.
  return new engine.Instance(new engine.Module(Buffer.from(KERNELS_BASE64, 'base64'))).exports as Kernels
}

function roundUp(byteCount: number): number {
  return Math.ceil(byteCount / VECTOR) * VECTOR
}
