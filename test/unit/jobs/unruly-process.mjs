// A process of a job that misbehaves as its argument says.
const [behaviour] = process.argv.slice(2)

const figures = {
  ...{
    inputBytes: null,
    comparedChunks: 0,
    comparedBytes: 0,
    features: 0,
    content: null,
    recording: null,
    featuresAsStored: 0,
  },
  ...{ output: '/data/out.rtdc', events: 10, bytesRead: 1000, bytesWritten: 400 },
  ...{ seconds: 1, verification: 'standard' },
}
const done = { kind: 'done', figures }
const failed = { kind: 'failed', error: { code: 'E_IO', message: 'too late', path: null } }
const cancelled = { kind: 'cancelled', error: { code: 'E_CANCELLED', message: 'cancelled', path: null } }
const warning = { kind: 'warning', warning: { code: 'W_TEST', message: 'started', path: '/data/in.rtdc' } }

function send(...messages) {
  for (const message of messages) process.send(message)
}

const answers = {
  'leaves with 0': { start: () => process.exit(0) },
  crashes: {
    start: () => {
      process.stderr.write('the disk is on fire\n', () => process.kill(process.pid, 'SIGABRT'))
    },
  },
  waits: { start: () => send(warning) },
  'obeys a cancel': {
    start: () => send(warning),
    cancel: () => send(cancelled),
    acknowledge: () => process.exit(0),
  },
  'answers twice': { start: () => send(done, done, failed, cancelled), acknowledge: () => process.exit(7) },
  'never leaves': { start: () => send(done) },
  babbles: { start: () => send({ kind: 'done', figures: { ...figures, events: 'all' } }, done) },
}

process.on('message', (message) => answers[behaviour][message.kind]?.())
process.on('disconnect', () => process.exit(0))
