import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { sha256 } from '../../src-core/models/local/package-files.ts'
import { MODEL_CACHE } from '../model-cache.ts'
import { smallWhisper } from '../models/small-whisper.ts'

/** A place on this machine from which the app downloads recognisers, in place of the public one. */
export interface RecogniserHub {
  /** For the app: the address of the hub, and the list of what it has. */
  environment: Record<string, string>
  /** What was asked for, such as `config.json` or `config.json bytes=100-`. */
  asked: string[]
  /** This file comes half, and the rest never, until it is let go. Null: every file comes whole. */
  held: string | null
  close(): Promise<void>
}

/**
 * @param folder for the list @param recognisers each is the small Whisper of the tests by another id, which no other test has, since the cache is one for
 * all; of one that is spoilt the bytes are not those of the list
 */
export async function startRecogniserHub(
  folder: string,
  recognisers: readonly { id: string; name: string; isSpoilt?: boolean }[],
): Promise<RecogniserHub> {
  const files = await smallWhisper()
  const spoilt = new Set(recognisers.filter(({ isSpoilt }) => isSpoilt).map(({ id }) => id))
  const server = createServer((request, response) => {
    const [, id = '', file = ''] = /^\/me\/([^/]+)\/resolve\/v1\/(.+)$/.exec(request.url ?? '') ?? []
    const bytes = files.get(file)
    if (!bytes) return void response.writeHead(404).end()
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    hub.asked.push(`${file} ${request.headers.range ?? ''}`.trim())
    const sent = spoilt.has(id) ? bytes.map((byte) => byte ^ 1) : bytes
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': sent.length - from,
      ...(from > 0 && { 'content-range': `bytes ${from}-${sent.length - 1}/${sent.length}` }),
    })
    if (hub.held === file) response.write(sent.subarray(from, Math.max(from, Math.floor(sent.length / 2))))
    else response.end(sent.subarray(from))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))

  const list = [...files].map(([file, bytes]) => ({ path: file, bytes: bytes.length, sha256: sha256(bytes) }))
  const catalogue = path.join(folder, 'catalogue.json')
  const about = { revision: 'v1', licence: 'MIT', languages: ['en', 'de', 'es'], files: list }
  writeFileSync(
    catalogue,
    JSON.stringify({
      recognisers: recognisers.map(({ id, name }) => ({ id, name, repository: `me/${id}`, ...about })),
    }),
  )
  const forget = () => {
    for (const { id } of recognisers)
      rmSync(path.join(MODEL_CACHE, 'recognisers', id), { recursive: true, force: true })
  }
  forget()
  const hub: RecogniserHub = {
    environment: {
      LVA_MODELS_HUB_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      LVA_MODELS_CATALOGUE: catalogue,
    },
    asked: [],
    held: null,
    async close() {
      forget()
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
  return hub
}
