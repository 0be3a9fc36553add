import type { Client } from '../../src-core/contract/index.ts'
import { systemClock } from '../../src-core/kernel/index.ts'
import type { CommandContext } from './command.ts'
import { counted } from './terminal.ts'

const LOOK_AGAIN_MS = 100
/** Waiting is mentioned only when it can be felt. */
const REMARK_AFTER_MS = 1_500

/** Waits until what was added is in the index, or `longestMs` have passed. What is not in it cannot be found yet. */
export async function catchUp(client: Client, { terminal, signal }: CommandContext, longestMs: number): Promise<void> {
  const begun = systemClock.monotonic()
  let remarked = false
  for (;;) {
    const { pending, running } = await client.app.indexProgress(undefined, { signal })
    if (pending === 0 && !running) return
    const waited = systemClock.monotonic() - begun
    if (waited > longestMs) {
      terminal.remark(`${counted(pending, 'entry is', 'entries are')} not indexed yet and may be missing.`)
      return
    }
    if (!remarked && waited > REMARK_AFTER_MS) {
      terminal.remark(`Indexing ${counted(pending, 'entry', 'entries')} ...`)
      remarked = true
    }
    await systemClock.sleep(LOOK_AGAIN_MS, signal)
  }
}
