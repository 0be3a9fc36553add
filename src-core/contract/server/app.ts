import { Channel } from '../../kernel/index.ts'
import type { AppEvent, RebuildEvent } from '../shapes.ts'
import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

export function appProcedures(services: Services) {
  const { index, installation } = services
  const app = procedures.app
  return {
    info: app.info.handler(({ context }) => installation.info(context.host)),
    events: app.events.handler(({ signal }) => events(services, signal)),
    dataSize: app.dataSize.handler(() => installation.dataSize()),
    doctor: app.doctor.handler(async ({ signal }) => ({ checks: await installation.doctor(signal) })),
    rebuild: app.rebuild.handler(({ signal }) => rebuild(services, signal)),
    indexProgress: app.indexProgress.handler(() => index.progress()),
  }
}

/** Begins with the state of models and index, so that a client that comes (back) is up to date. */
async function* events(
  { vault, index, models, backups, concepts }: Services,
  signal?: AbortSignal,
): AsyncGenerator<AppEvent> {
  const channel = new Channel<AppEvent>()
  // A generator that waits for its next value cannot be told to return; ending what it waits for can.
  signal?.addEventListener('abort', () => channel.end())
  const stops = [
    vault.onChange((change) => channel.push({ type: 'vault', ...change })),
    index.onProgress((progress) => channel.push({ type: 'index', progress })),
    models.onStatus((status) => channel.push({ type: 'models', status })),
    backups.onChange(() => channel.push({ type: 'backup' })),
    concepts.onChange(() => channel.push({ type: 'graph' })),
  ]
  try {
    channel.push({ type: 'models', status: models.status() })
    channel.push({ type: 'index', progress: await index.progress() })
    yield* channel
  } finally {
    for (const stop of stops) stop()
  }
}

async function* rebuild({ vault, index }: Services, signal?: AbortSignal): AsyncGenerator<RebuildEvent> {
  const channel = new Channel<RebuildEvent>()
  const work = async () => {
    await vault.rebuild((done, total) => channel.push({ phase: 'tables', done, total }), signal)
    await index.rebuild((done, total) => channel.push({ phase: 'index', done, total }), signal)
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
