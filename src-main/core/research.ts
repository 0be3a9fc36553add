import {
  createResearchCache,
  createResearchDesk,
  type ResearchDesk,
  type ResearchKeys,
} from '../../src-core/agents/index.ts'
import type { ReadDocument } from '../../src-core/capture/index.ts'
import type { ResearchService } from '../../src-core/contract/server/index.ts'
import { errorToWire } from '../../src-core/kernel/index.ts'
import type { GuardedFetch } from '../../src-core/net/index.ts'
import type { Store } from '../../src-core/store/index.ts'
import type { OpenVault } from '../../src-core/vault/index.ts'
import type { CoreOptions } from './core.ts'
import type { KeptSecrets } from './kept-secrets.ts'

interface ResearchRest {
  store: Store
  vault: OpenVault
  secrets: KeptSecrets
  fetch: GuardedFetch
  /** Reads pages in the process that reads documents. */
  read: ReadDocument
}

const KEYED = ['tavily', 'brave'] as const
const keptAs = (source: (typeof KEYED)[number]) => `research:${source}`
/** What a test asks for; Settings say so. Every source knows something of it, and it says nothing of the learner. */
const TEST_WORDS = 'water'

/** Research over the settings, the keychain, the cache and the guard; what the agent asks, and what Settings show. */
export function composeResearch(
  { clock, log, surroundings }: CoreOptions,
  { store, vault, secrets, fetch, read }: ResearchRest,
): { desk: ResearchDesk; service: ResearchService } {
  const config = surroundings.config.agents.research
  const cache = createResearchCache({
    database: store.database,
    vaultId: vault.id,
    clock,
    hours: config.cacheHours,
    mb: config.cacheMb,
  })
  const keys = async (): Promise<ResearchKeys> => {
    const kept = await secrets.get()
    return Object.fromEntries(KEYED.map((source) => [source, kept[keptAs(source)] ?? '']))
  }
  const desk = createResearchDesk({
    config,
    settings: vault.settings,
    keys,
    fetch,
    readPage: async ({ bytes, isHtml, address }, signal) => {
      const source = { bytes, format: isHtml ? ('html' as const) : ('text' as const), name: address }
      return read(source, { onProgress: () => undefined, signal })
    },
    cache,
    clock,
    log,
  })
  const service: ResearchService = {
    async status() {
      const [typed, size] = await Promise.all([keys(), cache.size()])
      const sourceOf = (source: (typeof KEYED)[number]) =>
        typed[source] ? 'stored' : config[source].apiKey.trim() === '' ? 'none' : 'environment'
      return { keys: { tavily: sourceOf('tavily'), brave: sourceOf('brave') }, cache: size }
    },
    setKey: (source, key) => secrets.change({ [keptAs(source)]: key.trim() }),
    removeKey: (source) => secrets.change({ [keptAs(source)]: null }),
    async test(source, signal) {
      const begun = clock.monotonic()
      const took = () => Math.round(clock.monotonic() - begun)
      try {
        const asked = await desk.source(source)
        const found = await asked.ask({ words: TEST_WORDS, language: 'en' }, signal ?? new AbortController().signal)
        return { ok: true, ms: took(), found: found.length, error: null }
      } catch (error) {
        return { ok: false, ms: took(), found: 0, error: errorToWire(error) }
      }
    },
    clearCache: () => cache.clear(),
  }
  return { desk, service }
}
