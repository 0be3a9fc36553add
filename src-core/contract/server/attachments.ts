import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

/** Recordings, pictures, files and frames between devices (docs/protocol.md §7). */
export function attachmentProcedures({ sync: { attachments: service } }: Services) {
  const { attachments } = procedures
  return {
    attachments: {
      status: attachments.status.handler(() => service.status()),
      choose: attachments.choose.handler(({ input }) => service.choose(input)),
      get: attachments.get.handler(({ input }) => service.standing(input.sha256)),
      fetch: attachments.fetch.handler(({ input, signal }) => service.fetch(input.sha256, signal)),
      network: attachments.network.handler(({ input }) => service.report(input.metered)),
    },
  }
}
