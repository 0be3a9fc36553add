import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

/** Settings, and the models that answer. */
export function preferenceProcedures({ vault, providers }: Services) {
  const { settings } = procedures
  const on = procedures.providers
  return {
    settings: {
      get: settings.get.handler(() => vault.settings.get()),
      set: settings.set.handler(({ input }) => vault.settings.set(input)),
    },
    providers: {
      list: on.list.handler(async () => ({ providers: await providers.list() })),
      setKey: on.setKey.handler(({ input }) => providers.setKey(input.provider, input.key)),
      removeKey: on.removeKey.handler(({ input }) => providers.removeKey(input.provider)),
      test: on.test.handler(({ input, signal }) => providers.test(input.provider, signal)),
      models: on.models.handler(async ({ input, signal }) => ({
        models: await providers.models(input.provider, signal),
      })),
      usage: on.usage.handler(() => providers.usage()),
    },
  }
}
