import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

/** What Settings do about research. */
export function researchProcedures({ research: service }: Services) {
  const { research } = procedures
  return {
    research: {
      status: research.status.handler(() => service.status()),
      setKey: research.setKey.handler(({ input }) => service.setKey(input.source, input.key)),
      removeKey: research.removeKey.handler(({ input }) => service.removeKey(input.source)),
      test: research.test.handler(({ input, signal }) => service.test(input.source, signal)),
      clearCache: research.clearCache.handler(() => service.clearCache()),
    },
  }
}
