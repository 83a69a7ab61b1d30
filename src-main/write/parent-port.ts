import { InvalidInput } from '../errors.ts'

/** The way to the process that started this one, to which messages of one kind go. */
export interface ParentPort<Message> {
  /** Does nothing once the parent is gone. */
  post(message: Message): void
  onMessage(listener: (value: unknown) => void): void
  /** Called once: the parent is gone. */
  onClose(listener: () => void): void
}

/** Electron's `process.parentPort`, which Node's types do not know. */
interface ElectronPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown
  postMessage(message: unknown): void
}

/** What of `process` is needed; a test gives its own. */
export type ChildProcess = Pick<NodeJS.Process, 'on' | 'ppid' | 'send' | 'connected'> & {
  readonly parentPort?: ElectronPort
}

const PARENT_CHECK_MS = 1000

/** The port of a utility process or of a Node child process; throws E_USAGE where nobody started one. */
export function findParentPort<Message>(child: ChildProcess): ParentPort<Message> {
  if (child.parentPort) return useElectronPort(child, child.parentPort)
  if (child.send) return useNodeChannel<Message>(child)
  throw new InvalidInput('E_USAGE', 'this is a process that only Weir starts; use weir itself')
}

function useElectronPort<Message>(child: ChildProcess, port: ElectronPort): ParentPort<Message> {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', ({ data }) => listener(data)),
    onClose: (listener) => watchParent(child, listener),
  }
}

function useNodeChannel<Message>(child: ChildProcess): ParentPort<Message> {
  return {
    post: (message) => {
      // The answer of a broken channel is the `disconnect` that follows it.
      if (child.connected) child.send?.(message, undefined, undefined, () => undefined)
    },
    onMessage: (listener) => child.on('message', listener),
    onClose: (listener) => child.on('disconnect', listener),
  }
}

/** Electron tells of no close: an orphan is known by the other parent that it was given. Windows ends it by itself. */
function watchParent(child: ChildProcess, listener: () => void): void {
  const parent = child.ppid
  const timer = setInterval(() => {
    if (child.ppid === parent) return
    clearInterval(timer)
    listener()
  }, PARENT_CHECK_MS)
  timer.unref()
}
