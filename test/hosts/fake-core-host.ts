import { createContractServer, createRouter, type Services } from '../../src-core/contract/server/index.ts'
import { silentLog, systemClock } from '../../src-core/kernel/index.ts'
import { linkHost } from '../../src-main/core/host-link.ts'
import { CoreHost } from '../../src-main/core-host.ts'
import { createSessionStore } from '../../src-main/secrets/secret-store.ts'
import { type FakeChild, fakeChild } from './fake-child.ts'

/** A host whose core answers from `services`, in this process. `children` are the cores so far; `exit` one to make the host start another. */
export function fakeCoreHost(services: Record<string, unknown>): { core: CoreHost; children: FakeChild[] } {
  const children: FakeChild[] = []
  const core = new CoreHost({
    fork: () => {
      const child = fakeChild()
      children.push(child)
      const link = linkHost(child.port)
      const server = createContractServer(createRouter(services as unknown as Services), silentLog, systemClock)
      link.onConnection((connection) => server.serve(connection, { host: 'browser' }))
      link.onShutdown(async () => {
        await server.close()
        child.exit(0)
      })
      link.ready()
      return child.handle
    },
    kind: 'browser',
    environment: {},
    openSecrets: async () => createSessionStore(),
    clock: systemClock,
    log: silentLog,
  })
  return { core, children }
}
