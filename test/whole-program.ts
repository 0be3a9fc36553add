import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Capture, Client, TurnEvent } from '../src-core/contract/index.ts'
import { isLvaError, systemClock } from '../src-core/kernel/index.ts'
import { openClient } from '../src-main/cli/open-client.ts'
import { readSurroundings } from '../src-main/folders.ts'
import { MODEL_CACHE } from './model-cache.ts'

/** The whole program over a data folder of its own, as `lva` opens it: PGlite, the models process, every agent. */
export interface WholeProgram {
  client: Client
  dataDir: string
  /** @param look called once nothing is open, before the folder goes */
  close(look?: () => Promise<void>): Promise<void>
}

const LOOK_AGAIN_MS = 20

/** @param environment configuration, by the names of environment variables; nothing else of this machine counts */
export async function openWholeProgram(environment: Record<string, string>): Promise<WholeProgram> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lva-whole-'))
  const opened = await openClient(
    readSurroundings({
      LVA_DATA_DIR: dataDir,
      LVA_CACHE_DIR: MODEL_CACHE,
      LVA_LOG_LEVEL: 'silent',
      ...environment,
    }),
  )
  return {
    client: opened.client,
    dataDir,
    async close(look) {
      await opened.close()
      await look?.()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Resolves once everything that is kept can be found and its concepts are read. */
export async function allRead(client: Client): Promise<void> {
  for (;;) {
    const { pending, running, concepts } = await client.app.indexProgress()
    const unread = (await client.documents.queue()).pending
    if (pending + concepts.pending + unread === 0 && !running) return
    await systemClock.sleep(LOOK_AGAIN_MS)
  }
}

/** A turn as it is seen from outside. */
export interface SeenTurn {
  events: TurnEvent[]
  /** What the learner said, with its answer, as it is stored. */
  capture: Capture | undefined
  /** The code of the error that ended the turn. */
  error: string | undefined
  ms: number
}

/** Says something and follows the turn to its end. */
export async function takeTurn(
  client: Client,
  text: string,
  more: { sessionId?: string | null; pictures?: string[]; mode?: 'answer' | 'ask-first' | 'socratic' } = {},
): Promise<SeenTurn> {
  const begun = systemClock.monotonic()
  const events: TurnEvent[] = []
  let error: string | undefined
  try {
    const turn = await client.turns.send({ sessionId: null, text, source: 'text', ...more })
    for await (const event of turn) events.push(event)
  } catch (failure) {
    error = isLvaError(failure) ? failure.code : String(failure)
  }
  const ms = Math.round(systemClock.monotonic() - begun)
  const started = events.find((event) => event.type === 'started')
  return { events, capture: started && (await client.captures.get({ id: started.capture.id })), error, ms }
}
