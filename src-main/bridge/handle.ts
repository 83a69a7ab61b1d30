import { ipcMain, type WebFrameMain } from 'electron'
import { InvalidInput, toErrorData } from '../errors.ts'
import { isWithinSize } from '../jobs/message-size.ts'
import {
  type Reply,
  type RequestChannel,
  requestArguments,
  type Requests,
} from '../../src-preload/contract.ts'
import { APP_ORIGIN } from '../shell/app-protocol.ts'

/** One issue for each of ten thousand items would be a long message. */
const MAX_REASON = 2000

type Handler<Channel extends RequestChannel> = (
  ...requestArguments: Requests[Channel]['arguments']
) => Promise<Requests[Channel]['value']> | Requests[Channel]['value']

/**
 * Answers a request of the window. The only place that touches `ipcMain`: refuses callers other than the top frame of
 * Weir's own page, and arguments that the contract does not know (both `E_REQUEST`). Never rejects.
 */
export function handle<Channel extends RequestChannel>(channel: Channel, handler: Handler<Channel>): void {
  ipcMain.handle(
    channel,
    async (event, ...received: unknown[]): Promise<Reply<Requests[Channel]['value']>> => {
      try {
        refuseStrangers(channel, event.senderFrame)
        return { ok: true, value: await handler(...parseArguments(channel, received)) }
      } catch (error) {
        const { code, message } = toErrorData(error)
        return { ok: false, error: { code, message } }
      }
    },
  )
}

function parseArguments<Channel extends RequestChannel>(
  channel: Channel,
  received: readonly unknown[],
): Requests[Channel]['arguments'] {
  if (!isWithinSize(received)) throw new InvalidInput('E_REQUEST', `request ${channel} refused: too large`)
  const parsed = requestArguments[channel].safeParse(received)
  // The compiler does not see that a channel's own schema gives that channel's arguments.
  if (parsed.success) return parsed.data as unknown as Requests[Channel]['arguments']
  throw new InvalidInput(
    'E_REQUEST',
    `request ${channel} refused: ${parsed.error.message.slice(0, MAX_REASON)}`,
  )
}

function refuseStrangers(channel: RequestChannel, frame: WebFrameMain | null): void {
  if (isOwnTopFrame(frame)) return
  throw new InvalidInput('E_REQUEST', `request ${channel} refused: it does not come from Weir's own page`)
}

/** Electron gives null for a frame that is gone or has navigated away. */
function isOwnTopFrame(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && frame.origin === APP_ORIGIN
}
