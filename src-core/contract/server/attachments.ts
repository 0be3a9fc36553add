import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

/** Recordings, pictures, files and frames between devices (docs/protocol.md §7). */
export function attachmentProcedures({ sync }: Services) {
  const { attachments } = procedures
  return {
    attachments: {
      status: attachments.status.handler(() => sync.attachments.status()),
      choose: attachments.choose.handler(({ input }) => sync.attachments.choose(input)),
      get: attachments.get.handler(({ input }) => sync.attachments.standing(input.sha256)),
      fetch: attachments.fetch.handler(({ input, signal }) => sync.attachments.fetch(input.sha256, signal)),
      network: attachments.network.handler(({ input }) => sync.attachments.report(input.metered)),
    },
  }
}
