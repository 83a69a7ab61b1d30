// All workloads, in the order of the table.
import { copy } from './workloads/copy.mjs'
import { h5repack } from './workloads/h5repack.mjs'
import { memory } from './workloads/memory.mjs'
import { queue } from './workloads/queue.mjs'
import { noneToZstd, zstdToNone } from './workloads/recompress.mjs'
import { files } from './workloads/files.mjs'
import {
  images,
  imagesByFrame,
  imagesSmall,
  imagesVerified,
  rewrite,
  rewriteOldNode,
  rewritePlain,
  rewriteVerified,
  scalars,
  traces,
} from './workloads/rewrite.mjs'
import { threads } from './workloads/threads.mjs'

export const workloads = [
  images,
  imagesVerified,
  imagesByFrame,
  imagesSmall,
  rewrite,
  rewriteVerified,
  rewritePlain,
  rewriteOldNode,
  scalars,
  traces,
  files,
  queue,
  copy,
  zstdToNone,
  noneToZstd,
  threads,
  memory,
  h5repack,
]
