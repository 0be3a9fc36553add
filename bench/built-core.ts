import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { type Client, connectionCarrier, createClient } from '../src-core/contract/index.ts'
import { silentLog, systemClock } from '../src-core/kernel/index.ts'
import { type EntryName, nodeChildHandle } from '../src-main/child-process.ts'
import { CoreHost } from '../src-main/core-host.ts'
import { createSessionStore } from '../src-main/secrets/secret-store.ts'
import { lineConnection } from '../test/hosts/line-connection.ts'
import { REPOSITORY } from './harness.ts'

/** The built core process under the real host, as `npm run serve` runs it, without the HTTP in front. */
export interface BuiltCore {
  host: CoreHost
  client: Client
  /** Milliseconds from asking for the process to its word that it is ready. */
  readyMs: number
  /** Milliseconds of the parts of opening, as the core logs them. */
  parts: Record<string, number>
  pidOf(name: EntryName): number | undefined
  close(): Promise<void>
}

export async function startBuiltCore(
  folders: { dataDir: string; cacheDir: string },
  environment = {},
): Promise<BuiltCore> {
  const children = new Map<EntryName, ChildProcess>()
  let logged = ''
  const host = new CoreHost({
    kind: 'browser',
    fork(name, parameters, variables) {
      const child = fork(join(REPOSITORY, 'out/main', `${name}.js`), parameters, {
        serialization: 'advanced',
        stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
        env: { ...cleanEnvironment(), ...variables },
      })
      children.set(name, child)
      child.stderr?.on('data', (chunk) => {
        logged += chunk
      })
      return nodeChildHandle(child)
    },
    environment: {
      LVA_DATA_DIR: folders.dataDir,
      LVA_CACHE_DIR: folders.cacheDir,
      LVA_LOG_LEVEL: 'info',
      // Who begins sync has the key of backups: the first is made two minutes after the start, into the home folder, and proven by a second Postgres.
      LVA_BACKUP_AUTOMATIC: 'false',
      ...environment,
    },
    openSecrets: async () => createSessionStore(),
    clock: systemClock,
    log: silentLog,
  })
  const begun = performance.now()
  await host.start().catch((error) => {
    throw new Error(`the core did not start: ${error.message}\n${logged}`)
  })
  const readyMs = performance.now() - begun
  const connection = lineConnection(host)
  return {
    host,
    client: createClient(connectionCarrier(connection)),
    readyMs,
    parts: readParts(logged),
    pidOf: (name) => children.get(name)?.pid,
    async close() {
      connection.close()
      await host.close()
    },
  }
}

/** Settings of this machine must not change what is measured. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LVA_|ANTHROPIC_|OPENAI_)/.test(name)))
}

function readParts(logged: string): Record<string, number> {
  const line = logged.split('\n').find((text) => text.includes('the core is open'))
  const fields: [string, unknown][] = line ? Object.entries(JSON.parse(line)) : []
  return Object.fromEntries(fields.filter((entry): entry is [string, number] => /Ms$/.test(entry[0])))
}

/** Time between two looks, which the core has to answer beside its work. */
const SAMPLE_MS = 250

/** Resolves once everything that was captured is in the index. */
export async function indexed(client: Client): Promise<void> {
  for (;;) {
    const { pending, running } = await client.app.indexProgress()
    if (pending === 0 && !running) return
    await systemClock.sleep(SAMPLE_MS)
  }
}
