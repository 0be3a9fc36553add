import { implement } from '@orpc/server'
import { type AppEvent, contract, type Recogniser } from '../../src-core/contract/index.ts'
import type { ClientContext } from '../../src-core/contract/server/index.ts'

const MB = 1_000_000

/** A library of recognisers in which a download comes to a half and stays there. */
export function imitateRecognisers(tell: (event: AppEvent) => void) {
  const os = implement(contract).$context<ClientContext>()
  const download = (size: string, megabytes: number): Recogniser => ({
    id: `whisper-${size}`,
    name: `Whisper ${size}`,
    model: `whisper-${size}`,
    kind: 'download',
    licence: 'Apache-2.0',
    languages: ['en', 'de', 'es', 'fr', 'zh'],
    origin: `https://huggingface.co/onnx-community/whisper-${size}`,
    bytes: megabytes * MB,
    have: 0,
    state: 'absent',
    error: null,
  })
  const all: Recogniser[] = [
    {
      ...download('', 0),
      id: 'packaged',
      name: 'Moonshine tiny',
      model: 'moonshine-tiny/en',
      kind: 'packaged',
      licence: 'MIT',
      languages: ['en'],
      origin: '',
      state: 'ready',
    },
    download('tiny', 43),
    { ...download('base', 79), have: 79 * MB, state: 'ready' },
    {
      ...download('small', 252),
      have: 61 * MB,
      state: 'paused',
      error: { code: 'model-download-failed', message: '', advice: '', params: { name: 'Whisper small' } },
    },
  ]
  const change = (id: string, to: (one: Recogniser) => Partial<Recogniser>) => {
    const one = all.find((known) => known.id === id)
    if (one) Object.assign(one, { error: null, ...to(one) })
    tell({ type: 'recognisers' })
  }
  const on = os.recognisers
  return {
    list: on.list.handler(() => ({ recognisers: all })),
    download: on.download.handler(({ input }) =>
      change(input.id, ({ bytes }) => ({ state: 'downloading', have: bytes / 2 })),
    ),
    pause: on.pause.handler(({ input }) => change(input.id, () => ({ state: 'paused' }))),
    remove: on.remove.handler(({ input }) => change(input.id, () => ({ state: 'absent', have: 0 }))),
  }
}
