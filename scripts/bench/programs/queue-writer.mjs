// Weir's queue writer in process, as a program that uses the library would have it: a worker thread hands frames over, the main
// thread puts them into the event queue of a QueueWriterThread.
//   queue-writer.mjs write OUT FRAMES   prints {"seconds"}: from before the worker starts until the file is complete
//   queue-writer.mjs check OUT FRAMES   reads back every number and every pixel
import { on } from 'node:events'
import { Worker } from 'node:worker_threads'
import {
  booleanType,
  createFilterPool,
  DatasetReader,
  EventQueue,
  FeatNevents,
  FileReader,
  fromTypedArray,
  nodeDisk,
  QueueWriterThread,
} from '../../../out/write.js'
import { fillMask, makeTemperature, maskPixels, maskShape, runOfFrames } from './random-masks.mjs'

const queueBytes = 64 * 2 ** 20
/** Blocks that the worker may be ahead. */
const blocksAhead = 4

const [command, path, frames] = process.argv.slice(2)
const commands = { write: writeFrames, check: checkFrames }
console.log(JSON.stringify(await commands[command](path, Number(frames))))

async function writeFrames(pathOut, frameCount) {
  const started = performance.now()
  const eventQueue = new EventQueue(queueBytes)
  const writer = new QueueWriterThread({
    eventQueue,
    writeQueueSize: { value: 0 },
    featNevents: FeatNevents.of(new Int32Array(frameCount).fill(1)),
    pathOut,
    writeThreshold: runOfFrames,
  })
  const worker = new Worker(new URL('frame-source.mjs', import.meta.url), { workerData: { frameCount } })
  try {
    await Promise.all([writer.run(), handOver(worker, eventQueue)])
  } finally {
    await worker.terminate()
  }
  return { seconds: (performance.now() - started) / 1000 }
}

/** Puts every frame into the queue, until the worker has no more. */
async function handOver(worker, eventQueue) {
  const maskType = booleanType()
  for (let block = 0; block < blocksAhead; block++) worker.postMessage('next')
  for await (const [{ frames, masks, temperatures }] of on(worker, 'message')) {
    if (frames.length === 0) return
    for (const [place, frame] of frames.entries()) {
      const bytes = new Uint8Array(masks.buffer, place * maskPixels, maskPixels)
      await eventQueue.put(
        frame,
        new Map([
          ['temp', fromTypedArray(temperatures.subarray(place, place + 1))],
          ['mask', { datatype: maskType, shape: [1, ...maskShape], bytes }],
        ]),
      )
    }
    worker.postMessage('next')
  }
}

async function checkFrames(pathIn, frameCount) {
  const pool = createFilterPool()
  const file = await FileReader.open(nodeDisk, pathIn)
  try {
    const [masks, temperatures] = [await openFeature('mask'), await openFeature('temp')]
    for (const { rowCount } of [masks, temperatures])
      if (rowCount !== frameCount) throw new Error(`${rowCount} events instead of ${frameCount}`)
    for (let frame = 0; frame < frameCount; frame += masks.bandRows) {
      const stop = Math.min(frame + masks.bandRows, frameCount)
      compare(frame, await masks.readRows(frame, stop), await temperatures.readRows(frame, stop))
    }
  } finally {
    await file.close()
    await pool.close()
  }
  return { events: frameCount }

  async function openFeature(name) {
    return DatasetReader.open(file, await file.find(`/events/${name}`), { pool })
  }
}

/** A mask is stored as 0 and 255, as dcnum does. */
function compare(firstFrame, maskBytes, temperatureBytes) {
  const wanted = new Uint8Array(maskPixels)
  const words = new Uint32Array(wanted.buffer)
  const temperatures = new Float64Array(temperatureBytes.buffer)
  temperatures.forEach((temperature, place) => {
    const frame = firstFrame + place
    fillMask(frame, words)
    const mask = maskBytes.subarray(place * maskPixels, (place + 1) * maskPixels)
    const isSame = wanted.every((pixel, index) => mask[index] === pixel * 255)
    if (!isSame || temperature !== makeTemperature(frame))
      throw new Error(`frame ${frame} was not read back as it was put in`)
  })
}
