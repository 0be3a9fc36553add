import { Channel } from '../../kernel/index.ts'
import { readLink, writeLink } from '../links.ts'
import type { AppEvent, RebuildEvent } from '../shapes.ts'
import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

export function appProcedures(services: Services) {
  const { index, concepts, installation } = services
  const app = procedures.app
  /** Of windows; a command follows no links. */
  const windows = new Set<Channel<AppEvent>>()
  return {
    info: app.info.handler(({ context }) => installation.info(context.host)),
    events: app.events.handler(({ context, signal }) =>
      events(services, context.host === 'cli' ? new Set() : windows, signal),
    ),
    open: app.open.handler(({ input }) => {
      const link = writeLink(readLink(input.link))
      for (const window of windows) window.push({ type: 'link', link })
      return { shown: windows.size > 0 }
    }),
    dataSize: app.dataSize.handler(() => installation.dataSize()),
    doctor: app.doctor.handler(async ({ signal }) => ({ checks: await installation.doctor(signal) })),
    rebuild: app.rebuild.handler(({ signal }) => rebuild(services, signal)),
    indexProgress: app.indexProgress.handler(async () => ({
      ...(await index.progress()),
      concepts: await concepts.progress(),
    })),
  }
}

/** Begins with the state of models and index, so that a client that comes (back) is up to date. */
async function* events(
  { vault, index, models, recognisers, backups, sync, concepts }: Services,
  windows: Set<Channel<AppEvent>>,
  signal?: AbortSignal,
): AsyncGenerator<AppEvent> {
  const channel = new Channel<AppEvent>()
  // A generator that waits for its next value cannot be told to return; ending what it waits for can.
  signal?.addEventListener('abort', () => channel.end())
  let reading = await concepts.progress()
  const stops = [
    vault.onChange((change) => channel.push({ type: 'vault', ...change })),
    index.onProgress((progress) => channel.push({ type: 'index', progress: { ...progress, concepts: reading } })),
    models.onStatus((status) => channel.push({ type: 'models', status })),
    recognisers.onChange(() => channel.push({ type: 'recognisers' })),
    backups.onChange(() => channel.push({ type: 'backup' })),
    sync.onChange((devices) => channel.push({ type: 'sync', devices })),
    sync.attachments.onArrived((sha256) => channel.push({ type: 'attachment', sha256 })),
    concepts.onProgress((progress) => {
      reading = progress
      channel.push({ type: 'concepts', progress })
    }),
    concepts.onChange(() => channel.push({ type: 'graph' })),
  ]
  windows.add(channel)
  try {
    channel.push({ type: 'models', status: models.status() })
    channel.push({ type: 'index', progress: { ...(await index.progress()), concepts: reading } })
    yield* channel
  } finally {
    windows.delete(channel)
    for (const stop of stops) stop()
  }
}

async function* rebuild({ vault, index, concepts }: Services, signal?: AbortSignal): AsyncGenerator<RebuildEvent> {
  const channel = new Channel<RebuildEvent>()
  const work = async () => {
    await vault.rebuild((done, total) => channel.push({ phase: 'tables', done, total }), signal)
    await index.rebuild((done, total) => channel.push({ phase: 'index', done, total }), signal)
    await whenRead(concepts, (done, total) => channel.push({ phase: 'concepts', done, total }), signal)
  }
  const finished = work().then(
    () => channel.end(),
    (error) => channel.fail(error),
  )
  try {
    yield* channel
  } finally {
    await finished
  }
}

/** Waits for concepts to be read and folded, and tells how far they are. */
async function whenRead(
  concepts: Services['concepts'],
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  let total = (await concepts.progress()).pending
  const stop = concepts.onProgress(({ pending }) => {
    total = Math.max(total, pending)
    onProgress(total - pending, total)
  })
  try {
    await concepts.idle(signal)
    onProgress(total, total)
  } finally {
    stop()
  }
}
