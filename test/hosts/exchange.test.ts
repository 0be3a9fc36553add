import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Carrier, Client } from '../../src-core/contract/index.ts'
import { makeV1 } from '../v1-fixtures.ts'
import { type ServedApp, serveApp } from './served-app.ts'

/** Files between a page and the core, over the real line. */

let app: ServedApp
let line: { client: Client; carrier: Carrier }
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lva-exchange-test-'))
  app = await serveApp()
  line = await app.connect()
}, 60_000)
afterAll(async () => {
  line?.carrier.close()
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function last<E extends { type: string }>(events: AsyncIterable<E>): Promise<Extract<E, { type: 'done' }>> {
  let found: E | undefined
  for await (const event of events) found = event
  if (found?.type !== 'done') throw new Error('The work said nothing at its end.')
  return found as Extract<E, { type: 'done' }>
}

/** Sends a file in two pieces. @returns the upload */
async function send(path: string, content: Buffer): Promise<string> {
  const half = content.length >> 1
  const piece = (from: number, to?: number) => new Blob([Uint8Array.from(content.subarray(from, to))])
  const { portable } = line.client
  const { upload } = await portable.receive({ upload: null, path, offset: 0, bytes: piece(0, half) })
  await portable.receive({ upload, path, offset: half, bytes: piece(half) })
  return upload
}

it('a page sends the database of v1, which is imported and then forgotten', async () => {
  const file = join(folder, 'learning_captures.db')
  makeV1(file, [{ user: 'from the page' }])
  const upload = await send('learning_captures.db', readFileSync(file))
  const { client } = line
  const { report } = await last(await client.legacy.inspect({ path: `upload:${upload}` }))
  expect(report).toMatchObject({ name: 'learning_captures.db', rows: 1, fresh: 1 })
  expect((await last(await client.legacy.execute({ path: `upload:${upload}` }))).report.added).toBe(1)
  await client.portable.forget({ id: upload })
  expect(readdirSync(join(app.dataDir, 'incoming'))).toEqual([])
  await expect(client.legacy.importId({ path: `upload:${upload}` })).rejects.toMatchObject({ code: 'not-found' })
  await expect(client.legacy.importId({ path: 'relative.db' })).rejects.toMatchObject({ code: 'bad-input' })
})

it('a page fetches an export, sends it back, and finds nothing new in it', async () => {
  const { portable } = line.client
  const order = { format: 'jsonl', packing: 'zip', filter: {} } as const
  const { result } = await last(await portable.exportForPage(order))
  const pieces: Buffer[] = []
  for (let offset = 0; offset < result.bytes; offset += pieces.at(-1)?.length ?? 0) {
    pieces.push(Buffer.from(await (await portable.piece({ id: result.id, offset })).arrayBuffer()))
  }
  await portable.forget({ id: result.id })
  expect(readdirSync(join(app.dataDir, 'outgoing'))).toEqual([])
  const upload = await send('export.zip', Buffer.concat(pieces))
  const { report } = await last(await portable.inspect({ origin: { upload } }))
  expect(report).toMatchObject({
    kind: 'json-lines',
    counts: { captures: 0, sessions: 0, present: 1 },
    problemCount: 0,
  })
  await portable.forget({ id: upload })
})

it('a page cannot name files of this machine', async () => {
  const { portable } = line.client
  const path = join(folder, 'learning_captures.db')
  const target = join(folder, 'taken.jsonl')
  const refused = { code: 'bad-input' }
  await expect(portable.inspect({ origin: { path } }).then(last)).rejects.toMatchObject(refused)
  await expect(portable.import({ origin: { path } }).then(last)).rejects.toMatchObject(refused)
  const order = { format: 'jsonl', packing: 'file', filter: {}, target } as const
  await expect(portable.exportTo(order).then(last)).rejects.toMatchObject(refused)
  await expect(
    portable.receive({ upload: null, path: '../../evil', offset: 0, bytes: new Blob(['x']) }),
  ).rejects.toMatchObject(refused)
  expect(readdirSync(folder)).toEqual(['learning_captures.db'])
})
