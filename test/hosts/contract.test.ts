import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type Client, connectionCarrier, createClient } from '../../src-core/contract/index.ts'
import { openClient } from '../../src-main/cli/open-client.ts'
import { readSurroundings } from '../../src-main/folders.ts'
import { connectLocally } from '../../src-main/local-socket.ts'
import { CONTRACT_CHECKS } from '../suites/contract-checks.ts'
import { type ServedApp, serveApp, testEnvironment } from './served-app.ts'

/** The contract over every carrier that needs no window; `test/e2e/electron.spec.ts` runs the same over Electron's IPC. */

function checks(host: 'browser' | 'cli', client: () => Client): void {
  for (const check of CONTRACT_CHECKS) it(check.name, () => check.run(client(), host))
}

let app: ServedApp
beforeAll(async () => {
  app = await serveApp()
})
afterAll(() => app.stop())

describe('over the WebSocket of the browser host', () => {
  let page: Awaited<ReturnType<ServedApp['connect']>>
  beforeAll(async () => {
    page = await app.connect()
  })
  afterAll(() => page.carrier.close())
  checks('browser', () => page.client)
})

describe('over the local socket of a running app', () => {
  let client: Client
  let close: () => void
  beforeAll(async () => {
    const connection = await connectLocally(app.dataDir)
    if (!connection) throw new Error('the app does not listen')
    client = createClient(connectionCarrier(connection))
    close = () => connection.close()
  })
  afterAll(() => close())
  checks('cli', () => client)
})

describe('inside the process of a command', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lva-command-'))
  let own: Awaited<ReturnType<typeof openClient>>
  beforeAll(async () => {
    own = await openClient(readSurroundings(testEnvironment(dataDir)))
  })
  afterAll(async () => {
    await own.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  checks('cli', () => own.client)
})
