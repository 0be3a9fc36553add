import { afterEach, beforeEach, expect, it } from 'vitest'
import { newAccount, signIn, type TestRelay, testRelay } from './relay-devices.ts'
import { S3_KEY, type ScriptedS3, startScriptedS3 } from './scripted-s3/server.ts'

/** A relay that keeps blobs in object storage, whose server checks every signature for itself (`scripted-s3/verify-signature.ts`). */

const NAME = 'ab'.repeat(16)
const BYTES = Uint8Array.from({ length: 3_000 }, (_, at) => at % 251)

let storage: ScriptedS3
let relay: TestRelay
let token: string

async function start(secret = S3_KEY.secretAccessKey) {
  relay = await testRelay({
    S3_ENDPOINT: storage.url,
    S3_REGION: S3_KEY.region,
    S3_BUCKET: 'vault',
    S3_PREFIX: 'relay/blobs',
    S3_ACCESS_KEY_ID: S3_KEY.accessKeyId,
    S3_SECRET_ACCESS_KEY: secret,
  })
  token = (await signIn(relay, await newAccount(relay))).access
}

beforeEach(async () => {
  storage = await startScriptedS3()
})
afterEach(async () => {
  await relay.stop()
  await storage.close()
})

const put = (offset: number, piece: Uint8Array) =>
  relay.request(`/v1/blobs/${NAME}?offset=${offset}`, {
    method: 'PUT',
    token,
    body: piece,
    headers: { 'upload-length': String(BYTES.length) },
  })

it('keeps the pieces of a blob there, gives back the whole or a part, and deletes them', async () => {
  await start()
  expect((await relay.request('/ready')).status).toBe(200)
  expect(await (await put(0, BYTES.subarray(0, 1_000))).json()).toEqual({ offset: 1_000 })
  const again = await put(0, BYTES.subarray(0, 1_000))
  expect([again.status, await again.json()]).toEqual([409, { offset: 1_000 }])
  expect((await put(1_000, BYTES.subarray(1_000))).status).toBe(200)
  expect([...storage.objects.keys()].map((key) => key.slice(0, 'relay/blobs/'.length))).toEqual([
    'relay/blobs/',
    'relay/blobs/',
  ])
  await relay.restart()
  const whole = await relay.request(`/v1/blobs/${NAME}`, { token })
  expect(Buffer.from(await whole.arrayBuffer()).equals(Buffer.from(BYTES))).toBe(true)
  const part = await relay.request(`/v1/blobs/${NAME}`, { token, headers: { range: 'bytes=990-1009' } })
  expect(Buffer.from(await part.arrayBuffer()).equals(Buffer.from(BYTES.subarray(990, 1_010)))).toBe(true)
  expect((await relay.request(`/v1/blobs/${NAME}`, { method: 'DELETE', token })).status).toBe(204)
  expect(storage.objects.size).toBe(0)
})

it('takes a piece after the storage was slow to take it, and counts none that it did not take', async () => {
  await start()
  storage.script(/^PUT /, { status: 503, code: 'SlowDown' })
  expect((await put(0, BYTES)).status).toBe(200)
  storage.script(/^GET /, { cut: 'before' })
  const whole = await relay.request(`/v1/blobs/${NAME}`, { token })
  expect(Buffer.from(await whole.arrayBuffer()).equals(Buffer.from(BYTES))).toBe(true)
})

it('is not ready, and takes nothing, where the storage does not accept its key; frames go on', async () => {
  await start('another secret')
  expect((await relay.request('/ready')).status).toBe(503)
  const refused = await put(0, BYTES)
  expect(refused.status).toBe(503)
  expect(await refused.text()).not.toContain('another secret')
  expect((await relay.request(`/v1/blobs/${NAME}`, { method: 'HEAD', token })).status).toBe(404)
  expect(storage.objects.size).toBe(0)
})
