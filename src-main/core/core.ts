import { homedir } from 'node:os'
import { join } from 'node:path'
import {
  checkpointRows,
  createProposer,
  createSummaries,
  createTurns,
  FirstWords,
  type Turns,
} from '../../src-core/agents/index.ts'
import { Backups, s3Place } from '../../src-core/backup/index.ts'
import { Forgetting, HandsFree, LongRecordings, Recordings } from '../../src-core/capture/index.ts'
import { type ContractServer, createContractServer, createRouter } from '../../src-core/contract/server/index.ts'
import {
  type Clock,
  type Closable,
  Closables,
  idMaker,
  isLvaError,
  type Log,
  type NewId,
  type Random,
  withinTime,
} from '../../src-core/kernel/index.ts'
import { createLegacy } from '../../src-core/legacy/index.ts'
import {
  anyOf,
  type ConceptGraph,
  createConceptGraph,
  createMemory,
  type Indexer,
} from '../../src-core/memory/index.ts'
import {
  type ChildHandle,
  createLocalModels,
  RecogniserLibrary,
  readCatalogue,
  type SpawnModels,
  writeWav,
} from '../../src-core/models/index.ts'
import { createGuardedFetch, createOpenDownload } from '../../src-core/net/index.ts'
import { createPortable } from '../../src-core/portable/index.ts'
import { type HostKind, openStore, type Store } from '../../src-core/store/index.ts'
import { type OpenVault, openVault } from '../../src-core/vault/index.ts'
import type { Surroundings } from '../folders.ts'
import type { SecretStore } from '../secrets/secret-store.ts'
import { appVersion } from '../version.ts'
import { afterChanges } from './after-changes.ts'
import { composeDocuments } from './documents.ts'
import { createEar } from './ear.ts'
import { createErasure } from './erasure.ts'
import { createInstallation } from './installation.ts'
import { createKeptSecrets, type KeptSecrets } from './kept-secrets.ts'
import { createLanguage } from './language.ts'
import { composeMcp } from './mcp.ts'
import { createProviderKeys } from './provider-keys.ts'
import { composeResearch } from './research.ts'
import { composeSync } from './sync.ts'

export interface CoreOptions {
  surroundings: Surroundings
  kind: HostKind
  spawnModels: SpawnModels
  /** Starts the process that reads documents, with so much memory for JavaScript in MB. */
  spawnDocuments: (heapMb: number) => ChildHandle
  openSecrets: () => Promise<SecretStore>
  /** Has this core closed, and opened again if there is still somebody to use it. */
  restart: () => void
  clock: Clock
  random: Random
  log: Log
}

/** As many as a search gives. */
const MOST_HITS = 100

/** The whole product behind its contract. One per data folder, which it holds until it is closed. */
export interface Core extends Closable {
  readonly contract: ContractServer
  readonly store: Store
}

/**
 * Opens everything in the order in which it rests on each other, and closes it in reverse: calls, recordings, index, models, vault, store.
 * @throws LvaError of the part that cannot be opened, such as vault-locked; what was opened before is closed again
 */
export async function openCore(options: CoreOptions): Promise<Core> {
  const owned = new Closables()
  try {
    return await compose(options, owned)
  } catch (error) {
    await owned.close()
    throw error
  }
}

async function compose(options: CoreOptions, owned: Closables): Promise<Core> {
  const { surroundings, clock, random, log } = options
  const { config, dataDir, cacheDir } = surroundings
  const begun = clock.monotonic()
  const newId = idMaker(clock, random)
  const store = owned.add(await openStoreInTurn(options))
  const { database, blobs } = store
  const vault = owned.add(await openVault({ db: database, clock, newId, log, limits: config.limits }))
  const models = owned.add(
    createLocalModels({
      spawn: options.spawnModels,
      settings: { cacheDir, ...config.models, logLevel: config.log.level },
      recycleAboveMb: config.models.recycleAboveMb,
      clock,
      log,
    }),
  )
  const memory = owned.add(
    await createMemory({
      database,
      vault,
      background: afterChanges(vault, clock),
      embedder: models.embedder,
      config,
      clock,
      log,
    }),
  )
  const secrets = createKeptSecrets(options.openSecrets)
  const keys = createProviderKeys(secrets)
  const language = createLanguage({ config: config.language, vault, keys, db: database, newId, clock, random, log })
  const quietVault = { ...afterChanges(vault, clock), concepts: vault.concepts }
  const firstWords = new FirstWords(clock)
  const concepts = owned.add(
    createConceptGraph({
      database,
      vault: quietVault,
      folder: join(store.folder.root, 'graph'),
      goesFirst: anyOf(firstWords, memory.index),
      languageModel: async () => ((await vault.settings.get()).conceptsByModel ? language.model() : undefined),
      clock,
      log,
    }),
  )
  const proposer = createProposer({
    db: database,
    vault,
    background: afterChanges(vault, clock),
    languageModel: async (provider) =>
      (await vault.settings.get()).conceptsByModel ? language.model(provider) : undefined,
    goesFirst: firstWords,
    clock,
    log,
  })
  owned.add(proposer)
  const recognisers = owned.add(
    new RecogniserLibrary({
      folder: join(cacheDir, 'recognisers'),
      catalogue: () => readCatalogue(config.models.catalogue),
      hubUrl: config.models.hubUrl.replace(/\/+$/, ''),
      open: createOpenDownload({ clock }),
      clock,
      log,
    }),
  )
  const ear = createEar({ models, library: recognisers, language, settings: () => vault.settings.get(), log })
  const handsFree = new HandsFree({
    detector: models.detector,
    transcriber: ear,
    blobs,
    keepsRecordings: async () => (await vault.settings.get()).keepRecordings,
    pause: async () => (await vault.settings.get()).turnPause,
    clock,
    newId,
    log,
  })
  owned.defer(() => handsFree.closeAll())
  const fetch = createGuardedFetch({ clock })
  const { read, decode, documents, folders, pictures, timeline, retention } = await composeDocuments(owned, {
    options,
    store,
    vault,
    newId,
    ear,
    fetch,
    onRead: () => {
      memory.index.wake()
      concepts.wake()
    },
  })
  const forgetting = owned.add(
    new Forgetting({
      db: database,
      vault,
      blobs,
      settle: (signal) => settled({ memory, concepts, clock, log }, signal),
      clock,
      log,
    }),
  )
  // A command is over before anything could be due.
  if (options.kind !== 'cli') forgetting.start()
  const recordings = new Recordings({
    blobs,
    transcriber: ear,
    decode,
    keepsRecordings: async () => (await vault.settings.get()).keepRecordings,
    maxSeconds: config.limits.audioSeconds,
    clock,
    newId,
    log,
  })
  owned.add(recordings)
  const longRecordings = owned.add(
    new LongRecordings({
      folder: join(store.folder.root, 'recording'),
      addDocument: async (wav, name) => (await documents.addFile(wav, { name })).document.id,
      fileMb: config.documents.fileMb,
      clock,
      newId,
      log,
    }),
  )
  // Beside the start, which does not wait for it.
  void longRecordings.recover()
  const backups = await openBackups(options, { store, vault, secrets, newId })
  owned.add(backups)
  const sync = owned.add(
    composeSync(options, {
      ...{ store, vault, secrets, backups },
      onArrived: (sha256) => {
        documents
          .arrived(sha256)
          .catch((error: unknown) => log.warn({ error }, 'a document whose file came waits to be read'))
      },
    }),
  )
  const research = composeResearch(options, { store, vault, secrets, fetch, read })
  const mcp = owned.add(composeMcp(options, { store, vaultId: vault.id, secrets, research: research.desk, newId }))
  const turns = createTurns({
    vault,
    search: (request) => memory.search(request),
    concepts,
    languageModel: (provider) => language.model(provider),
    maxOutputTokens: config.language.maxOutputTokens,
    talkMode: async () => (await vault.settings.get()).talkMode,
    mayReadByModel: async () => (await vault.settings.get()).conceptsByModel,
    asksAboutGoals: async () => (await vault.settings.get()).askAboutGoals,
    deadlines: config.agents.deadlines,
    consentMs: config.agents.consentMs,
    turnUsd: config.agents.turnUsd,
    toolLimits: {
      rounds: config.agents.toolRounds,
      resultLength: config.agents.toolResultLength,
      callMs: config.agents.toolMs,
    },
    // Its vector is that of the search for the same words.
    embedder: memory.queryEmbedder,
    firstWords,
    pictures,
    mcpTools: mcp.tools,
    research: research.desk,
    checkpoints: checkpointRows(database, vault.id, () => clock.now()),
    clock,
    newId,
    log,
  })
  owned.defer(() => turns.idle())
  const summaries = createSummaries({
    ...{ vault, concepts, clock, log },
    languageModel: (provider) => language.model(provider),
    maxOutputTokens: config.language.maxOutputTokens,
    turnUsd: config.agents.turnUsd,
  })
  owned.defer(() => summaries.idle())
  settleTurns(turns, owned, log)
  const legacy = createLegacy({
    vault,
    store,
    derived: {
      audit: (ids) => memory.audit(ids),
      pending: async () => (await memory.index.progress()).pending + (await concepts.progress()).pending,
      async search(query) {
        const { hits } = await memory.search({ query, mode: 'lexical', limit: MOST_HITS })
        return hits.map(({ captureId }) => captureId)
      },
    },
    clock,
    textLength: config.limits.textLength,
  })
  const portable = owned.add(
    await createPortable({
      vault,
      blobs,
      folder: store.folder.root,
      longestText: config.limits.textLength,
      clock,
      newId,
    }),
  )
  const router = createRouter({
    proposer,
    legacy,
    vault,
    newId,
    models,
    search: (request) => memory.search(request),
    index: memory.index,
    concepts,
    turns: {
      send(request, signal) {
        // Its vector is made while what was said is being stored.
        memory.anticipate(request.text)
        return turns.send(request, signal)
      },
      prepare: turns.prepare,
      retry: turns.retry,
      consent: turns.consent,
    },
    summaries,
    recordings,
    handsFree,
    recognisers: {
      list: () => ear.list(),
      download: (id) => recognisers.download(id),
      pause: (id) => recognisers.pause(id),
      remove: (id) => recognisers.remove(id),
      onChange: (listener) => recognisers.onChange(listener),
    },
    longRecordings,
    pictures,
    timeline,
    retention,
    forgetting,
    documents,
    folders,
    speak: async (text, openaiVoice, signal) =>
      openaiVoice
        ? language.speak(text, openaiVoice, signal)
        : writeWav(await models.synthesizer.synthesize(text, signal ? { signal } : {})),
    providers: language,
    research: research.service,
    backups,
    erase: createErasure({
      ...{ store, vaultId: vault.id, backups, secrets },
      leaveSync: () => sync.leave(),
      restart: () => soon(options),
    }),
    portable,
    sync,
    mcp,
    installation: createInstallation({
      store,
      vaultId: vault.id,
      models,
      providers: language,
      keys,
      indexProgress: () => memory.index.progress(),
      clock,
    }),
  })
  const contract = owned.add(createContractServer(router, log.child({ dataDir }), clock))
  log.info({ ...store.openingTimes, openMs: clock.monotonic() - begun }, 'the core is open')
  return { contract, store, close: () => owned.close() }
}

/** Derived work may wait for models that do not come back: what was forgotten leaves the database's files all the same. */
const DERIVED_MS = 60_000

/** Resolves when nothing that is derived shows what is gone, or when that takes too long. @throws the signal's reason */
async function settled(
  {
    memory,
    concepts,
    clock,
    log,
  }: {
    memory: { index: Indexer }
    concepts: ConceptGraph
    clock: Clock
    log: Log
  },
  signal: AbortSignal,
): Promise<void> {
  await withinTime(clock, DERIVED_MS, signal, async (stop) => {
    await memory.index.idle()
    await concepts.idle(stop)
  }).catch((error: unknown) => {
    signal.throwIfAborted()
    log.warn({ error }, 'derived work goes on after something was forgotten')
  })
  await memory.index.forgetWords()
  await concepts.refresh()
}

/** Beside the start, which does not wait for it. */
function settleTurns(turns: Turns, owned: Closables, log: Log): void {
  const closing = new AbortController()
  const settled = turns.settle(closing.signal).catch((error: unknown) => {
    log.warn({ error }, 'turns that were unfinished stay so until the next start')
  })
  owned.defer(() => {
    closing.abort()
    return settled
  })
}

interface BackupParts {
  store: Store
  vault: OpenVault
  secrets: KeptSecrets
  newId: NewId
}

async function openBackups(options: CoreOptions, { store, vault, secrets, newId }: BackupParts): Promise<Backups> {
  const { surroundings, kind, clock, random, log } = options
  const { config, cacheDir } = surroundings
  const backups = new Backups({
    store,
    vault,
    secrets: {
      get: async (name) => (await secrets.get())[name],
      set: (name, value) => secrets.change({ [name]: value }),
      remove: (name) => secrets.change({ [name]: null }),
      storage: secrets.storage,
    },
    config: config.backup,
    usualFolder: join(homedir(), 'Learning Voice Agent backups'),
    appVersion: appVersion(),
    cacheDir,
    limits: config.limits,
    statementTimeoutMs: config.store.statementTimeoutMs,
    clock,
    random,
    newId,
    log,
    openS3: (address, secretAccessKey) => s3Place({ ...address, secretAccessKey, clock, random }),
    restart: () => soon(options),
  })
  await backups.tidy()
  // A command is over before anything could be due.
  if (kind !== 'cli') backups.startSchedule()
  return backups
}

/** The answer to whoever asked for a restart leaves before it. */
const LAST_WORD_MS = 200

function soon({ kind, clock, restart, log }: CoreOptions): void {
  // A command has its answer in hand before it closes the core.
  if (kind === 'cli') {
    restart()
    return
  }
  clock.sleep(LAST_WORD_MS).then(restart, (error) => log.error({ error }, 'the core could not be started again'))
}

/** A command that uses the folder ends soon; it is waited for. */
const COMMAND_MS = 5_000
const LOOK_AGAIN_MS = 200

async function openStoreInTurn({ surroundings, kind, clock, log }: CoreOptions): Promise<Store> {
  const { config, dataDir, cacheDir } = surroundings
  const { databaseUrl, statementTimeoutMs } = config.store
  const begun = clock.monotonic()
  for (;;) {
    try {
      return await openStore({
        dataDir,
        cacheDir,
        host: kind,
        clock,
        log,
        statementTimeoutMs,
        ...(databaseUrl === '' ? {} : { databaseUrl }),
      })
    } catch (error) {
      const isCommand = isLvaError(error, 'vault-locked') && error.params.kind === 'cli'
      if (!isCommand || clock.monotonic() - begun > COMMAND_MS) throw error
      await clock.sleep(LOOK_AGAIN_MS)
    }
  }
}
