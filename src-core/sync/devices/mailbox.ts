import { type Clock, isLvaError, LvaError } from '../../kernel/index.ts'
import type { RelayHttp } from './relay-http.ts'

/** Between two looks into a mailbox; both devices of one home share what the relay allows, milliseconds. */
export const LOOK_MS = 3_000
/** As long as the relay keeps a mailbox, milliseconds. */
const LIFE_MS = 10 * 60_000

/** One pairing's mailbox at the relay. Both sides read the same numbered messages. */
export interface Mailbox {
  leave(message: Uint8Array): Promise<void>
  /** Waits for the message of that number. @throws LvaError pairing-over when its time has passed */
  message(number: number): Promise<Uint8Array>
  /** Undefined where it is not there now. */
  peek(number: number): Promise<Uint8Array | undefined>
}

export function openMailbox(http: RelayHttp, pairing: string, clock: Clock, signal: AbortSignal): Mailbox {
  const begun = clock.monotonic()
  const peek = async (number: number) => (await http.messages(pairing, number, signal))[0]

  /** As `peek`; what goes by itself is waited out. */
  async function look(number: number): Promise<Uint8Array | undefined> {
    try {
      return await peek(number)
    } catch (error) {
      if (isLvaError(error, 'too-many-tries')) {
        await clock.sleep(Number(error.params.seconds) * 1_000, signal)
        return undefined
      }
      if (isLvaError(error, 'relay-unreachable') || isLvaError(error, 'relay-unavailable')) return undefined
      throw error
    }
  }

  return {
    leave: (message) => http.leave(pairing, message, signal),
    peek,
    async message(number) {
      for (;;) {
        const found = await look(number)
        if (found) return found
        if (clock.monotonic() - begun > LIFE_MS) throw over()
        await clock.sleep(LOOK_MS, signal)
      }
    },
  }
}

function over(): LvaError {
  return new LvaError('pairing-over', 'The time for this code is over.', {
    advice: 'Show a new code on the device that joins.',
  })
}
