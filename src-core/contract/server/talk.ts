import { errorToWire } from '../../kernel/index.ts'
import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

/** Turns and speech: what is said, and what is answered. */
export function talkProcedures({ turns, summaries, recordings, handsFree, longRecordings, speak }: Services) {
  const { speech } = procedures
  return {
    turns: {
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
      finish: speech.finish.handler(({ input, signal }) => recordings.finish(input.recordingId, signal)),
      cancel: speech.cancel.handler(({ input }) => recordings.cancel(input.recordingId)),
      transcribe: speech.transcribe.handler(async ({ input, signal }) =>
        recordings.transcribe(await bytesOf(input.audio), signal),
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
    handsFree: {
      open: procedures.handsFree.open.handler(async ({ input }) => ({ id: await handsFree.open(input.sampleRate) })),
      push: procedures.handsFree.push.handler(async ({ input }) => handsFree.push(input.id, await bytesOf(input.pcm))),
      events: procedures.handsFree.events.handler(async function* ({ input, signal }) {
        for await (const event of handsFree.events(input.id, signal))
          yield event.type === 'failed' ? { type: 'failed' as const, error: errorToWire(event.error) } : event
      }),
      speaking: procedures.handsFree.speaking.handler(({ input }) => handsFree.speak(input.id, input.sentence)),
      again: procedures.handsFree.again.handler(({ input }) => handsFree.again(input.id)),
      close: procedures.handsFree.close.handler(({ input }) => handsFree.close(input.id)),
    },
  }
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer())
}

function wavBlob(wav: Uint8Array): Blob {
  return new Blob([wav as Uint8Array<ArrayBuffer>], { type: 'audio/wav' })
}
