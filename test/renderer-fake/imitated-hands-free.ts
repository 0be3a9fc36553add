import { implement } from '@orpc/server'
import { contract, type HandsFreeEvent } from '../../src-core/contract/index.ts'
import type { ClientContext } from '../../src-core/contract/server/index.ts'
import { Channel, LvaError } from '../../src-core/kernel/index.ts'

/** Seconds of sound after which each thing happens, once. */
function script(words: string): [second: number, event: HandsFreeEvent][] {
  const said = words.split(' ')
  return [
    [0.5, { type: 'onset' }],
    [0.7, { type: 'speaking' }],
    ...said.map((_, index): [number, HandsFreeEvent] => [
      1 + index * 0.3,
      { type: 'partial', text: said.slice(0, index + 1).join(' ') },
    ]),
    [1.2 + said.length * 0.3, { type: 'pausing' }],
    [1.3 + said.length * 0.3, { type: 'waiting', seconds: 1.75 }],
    [3 + said.length * 0.3, { type: 'ended' }],
    [
      3.2 + said.length * 0.3,
      {
        type: 'turn',
        transcript: {
          text: words,
          seconds: 3,
          segments: [],
          model: 'moonshine-tiny/en',
          language: 'en',
          audioSha256: null,
        },
        waited: 1.75,
        recogniseMs: 40,
      },
    ],
  ]
}

/** A core that hears the same words whatever comes, and tells them by the clock of the sound; `isUnfinished` waits for their end for ever. */
export function imitateHandsFree(words: string, isUnfinished: boolean) {
  const os = implement(contract).$context<ClientContext>()
  const open = new Map<string, { events: Channel<HandsFreeEvent>; rate: number; samples: number; left: number }>()
  const found = (id: string) => {
    const listening = open.get(id)
    if (!listening) throw new LvaError('not-found', 'Imitated.')
    return listening
  }
  const close = (id: string) => {
    open.get(id)?.events.end()
    open.delete(id)
  }
  return {
    open: os.handsFree.open.handler(({ input }) => {
      const id = `listening-${open.size + 1}`
      open.set(id, { events: new Channel(), rate: input.sampleRate, samples: 0, left: 0 })
      return { id }
    }),
    push: os.handsFree.push.handler(({ input }) => {
      const listening = found(input.id)
      listening.samples += input.pcm.size / 2
      const whole = script(words)
      const steps = isUnfinished
        ? whole.slice(
            0,
            whole.findIndex(([, { type }]) => type === 'ended'),
          )
        : whole
      for (let next = steps[listening.left]; next; next = steps[listening.left]) {
        if (next[0] > listening.samples / listening.rate) break
        listening.events.push(next[1])
        listening.left++
      }
    }),
    events: os.handsFree.events.handler(async function* ({ input, signal }) {
      const { events } = found(input.id)
      signal?.addEventListener('abort', () => close(input.id))
      yield* events
    }),
    speaking: os.handsFree.speaking.handler(({ input }) => void found(input.id)),
    again: os.handsFree.again.handler(({ input }) => void found(input.id)),
    close: os.handsFree.close.handler(({ input }) => close(input.id)),
  }
}
