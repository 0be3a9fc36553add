import type { HandsFreeEvent as HandsFreeSign, KeptTranscript } from '../../capture/index.ts'
import { errorToWire } from '../../kernel/index.ts'
import type { HandsFreeEvent, Transcript } from '../shapes.ts'
import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

/** Turns and speech: what is said, and what is answered. */
export function talkProcedures(services: Services) {
  const { turns, summaries, recordings, handsFree, longRecordings, recognisers, speak } = services
  const { speech } = procedures
  return {
    turns: {
      prepare: procedures.turns.prepare.handler(() => turns.prepare()),
      send: procedures.turns.send.handler(async function* ({ input, signal }) {
        yield* turns.send(input, signal)
      }),
      retry: procedures.turns.retry.handler(async function* ({ input, signal }) {
        yield* turns.retry(input.id, input.provider, signal)
      }),
      consent: procedures.turns.consent.handler(({ input }) => ({
        taken: turns.consent(input.id, input.decision),
      })),
    },
    summaries: {
      make: procedures.summaries.make.handler(async function* ({ input, signal }) {
        yield* summaries.make(input.of, input.provider, signal)
      }),
    },
    speech: {
      start: speech.start.handler(async ({ input }) => ({ recordingId: await recordings.start(input.sampleRate) })),
      push: speech.push.handler(async ({ input }) => recordings.push(input.recordingId, await bytesOf(input.pcm))),
      partials: speech.partials.handler(async function* ({ input, signal }) {
        for await (const text of recordings.partials(input.recordingId, signal)) yield { text }
      }),
      finish: speech.finish.handler(async ({ input, signal }) =>
        wireTranscript(await recordings.finish(input.recordingId, signal)),
      ),
      cancel: speech.cancel.handler(({ input }) => recordings.cancel(input.recordingId)),
      transcribe: speech.transcribe.handler(async ({ input, signal }) =>
        wireTranscript(await recordings.transcribe(await bytesOf(input.audio), signal)),
      ),
      speak: speech.speak.handler(async ({ input, signal }) =>
        wavBlob(await speak(input.text, input.openaiVoice, signal)),
      ),
      recording: speech.recording.handler(async ({ input }) => wavBlob(await recordings.read(input.sha256))),
    },
    longRecordings: {
      start: procedures.longRecordings.start.handler(async ({ input }) => ({
        id: await longRecordings.start(input.sampleRate),
      })),
      push: procedures.longRecordings.push.handler(async ({ input }) => ({
        seconds: await longRecordings.push(input.id, await bytesOf(input.pcm)),
      })),
      pause: procedures.longRecordings.pause.handler(({ input }) => longRecordings.pause(input.id)),
      resume: procedures.longRecordings.resume.handler(({ input }) =>
        longRecordings.resume(input.id, input.sampleRate),
      ),
      finish: procedures.longRecordings.finish.handler(async ({ input }) => ({
        documentIds: await longRecordings.finish(input.id),
      })),
    },
    recognisers: {
      list: procedures.recognisers.list.handler(async () => ({ recognisers: await recognisers.list() })),
      download: procedures.recognisers.download.handler(({ input }) => recognisers.download(input.id)),
      pause: procedures.recognisers.pause.handler(({ input }) => recognisers.pause(input.id)),
      remove: procedures.recognisers.remove.handler(({ input }) => recognisers.remove(input.id)),
    },
    handsFree: {
      open: procedures.handsFree.open.handler(async ({ input }) => ({ id: await handsFree.open(input.sampleRate) })),
      push: procedures.handsFree.push.handler(async ({ input }) => handsFree.push(input.id, await bytesOf(input.pcm))),
      events: procedures.handsFree.events.handler(async function* ({ input, signal }) {
        for await (const event of handsFree.events(input.id, signal)) yield wireEvent(event)
      }),
      speaking: procedures.handsFree.speaking.handler(({ input }) => handsFree.speak(input.id, input.sentence)),
      again: procedures.handsFree.again.handler(({ input }) => handsFree.again(input.id)),
      close: procedures.handsFree.close.handler(({ input }) => handsFree.close(input.id)),
    },
  }
}

function wireEvent(event: HandsFreeSign): HandsFreeEvent {
  if (event.type === 'failed') return { type: 'failed', error: errorToWire(event.error) }
  return event.type === 'turn' ? { ...event, transcript: wireTranscript(event.transcript) } : event
}

function wireTranscript({ instead, ...transcript }: KeptTranscript): Transcript {
  return { ...transcript, ...(instead && { instead: { ...instead, error: errorToWire(instead.error) } }) }
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer())
}

function wavBlob(wav: Uint8Array): Blob {
  return new Blob([wav as Uint8Array<ArrayBuffer>], { type: 'audio/wav' })
}
