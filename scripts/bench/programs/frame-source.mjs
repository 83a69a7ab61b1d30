// The worker thread that stands for an instrument: makes a block of frames each time it is asked, and hands it over whole.
import { parentPort, workerData } from 'node:worker_threads'
import { fillMask, makeTemperature, maskPixels, orderFrames } from './random-masks.mjs'

const framesPerBlock = 25
const order = orderFrames(workerData.frameCount)

parentPort.on('message', () => {
  const frames = takeFrames()
  const masks = new Uint32Array((frames.length * maskPixels) / 4)
  frames.forEach((frame, place) => {
    fillMask(frame, masks.subarray((place * maskPixels) / 4, ((place + 1) * maskPixels) / 4))
  })
  const temperatures = Float64Array.from(frames, makeTemperature)
  parentPort.postMessage({ frames, masks, temperatures }, [masks.buffer, temperatures.buffer])
})

/** The next frames; none after the last. */
function takeFrames() {
  const frames = []
  while (frames.length < framesPerBlock) {
    const { value, done } = order.next()
    if (done) break
    frames.push(value)
  }
  return frames
}
