import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../src-core/kernel/index.ts'
import { connect, newAccount, roomOf, signIn } from './relay-devices.ts'
import { startRelayProcess } from './relay-process.ts'

const ROUNDS = 5
const DOCUMENTS = ['note:a', 'note:b', 'journal:2026-11.0']

const folder = mkdtempSync(join(tmpdir(), 'lva-relay-crash-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('a relay that is killed', () => {
  it('keeps every frame that it took, each once and in order, whenever it happens', async () => {
    const random = seededRandom(7)
    let relay = await startRelayProcess(folder)
    const email = await newAccount(relay)
    const session = await signIn(relay, email)
    /** What the device was told to be kept: document and text by sequence. */
    const kept = new Map<number, { document: string; position: number }>()
    let sequence = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      const device = await connect(relay, session)
      const first = sequence
      for (let at = 1; at <= 200; at += 1) {
        const number = first + at
        device.append(DOCUMENTS[number % DOCUMENTS.length] as string, `word ${number}`, number)
      }
      // Killed in the middle: after so many were taken, with the rest under way.
      const after = first + 1 + Math.floor(random.fraction() * 150)
      for (;;) {
        const taken = await device.next('taken')
        kept.set(taken.sequence, {
          document: DOCUMENTS[taken.sequence % DOCUMENTS.length] as string,
          position: taken.position,
        })
        if (taken.sequence >= after) break
      }
      await relay.kill()
      await device.closed
      for (const frame of device.heard) {
        if (frame.type === 'taken')
          kept.set(frame.sequence, {
            document: DOCUMENTS[frame.sequence % DOCUMENTS.length] as string,
            position: frame.position,
          })
      }
      relay = await startRelayProcess(folder)
      // The relay knows more than it could say: what it had committed.
      const again = await connect(relay, session)
      for (const document of DOCUMENTS) {
        const wanted = [...kept].filter(([, { document: of }]) => of === document)
        again.send({ type: 'follow', room: roomOf(document), cursor: 0 })
        const frames: { position: number; sequence: number }[] = []
        const head = await again.next('head', ({ room }) => room === roomOf(document))
        for (const frame of again.heard)
          if (frame.type === 'frame' && frame.room === roomOf(document)) frames.push(frame)
        expect(frames.map(({ position }) => position)).toEqual(Array.from({ length: head.position }, (_, at) => at + 1))
        expect(new Set(frames.map((frame) => frame.sequence)).size).toBe(frames.length)
        for (const [number, { position }] of wanted) {
          expect(frames).toContainEqual(expect.objectContaining({ sequence: number, position }))
        }
        sequence = Math.max(sequence, ...frames.map((frame) => frame.sequence))
      }
      again.close()
    }
    expect(kept.size).toBeGreaterThan(ROUNDS)
    await relay.kill()
  })
})
