import { implement } from '@orpc/server'
import { contract } from '../../src-core/contract/contract.ts'
import type { Capture, DeletedWaiting, RestorableThing, TimelineState } from '../../src-core/contract/index.ts'
import type { ClientContext } from '../../src-core/contract/server/index.ts'
import { Channel } from '../../src-core/kernel/index.ts'

const MINUTE = 60_000
const SLIDES = [
  'Photosynthesis\nThe light reactions\nWater is split in photosystem II.',
  'The electron transport chain\nElectrons pass from one carrier to the next.',
  'The Calvin cycle\nCarbon dioxide becomes sugar.',
  'Questions for the exam\nWhat limits the rate of photosynthesis?',
]
const APP = 'Biology 3 – Browser'

/** Frames of an afternoon, the newest first. */
export function timelineFrames(now: number, count: number): Capture[] {
  return Array.from({ length: count }, (_, at) => {
    const text = SLIDES[at % SLIDES.length] ?? ''
    const createdAt = new Date(now - (at * 7 + 3) * MINUTE).toISOString()
    return {
      ...{ id: `frame-${at}`, sessionId: 'screens:today', createdAt, editedAt: null, source: 'screen' as const },
      ...{ userText: '', answer: null, audioSha256: null, metadata: { app: APP } },
      pictures: [
        {
          ...{ sha256: sha256Of(at), mediaType: 'image/png' as const, width: 960, height: 540 },
          reading: {
            text,
            blocks: [{ kind: 'paragraph' as const, start: 0, end: text.length, place: { page: 1 } }],
            language: 'eng',
            at: createdAt,
          },
        },
      ],
    }
  })
}

const sha256Of = (at: number) => at.toString(16).padStart(64, 'f')

/** The picture of a frame, drawn anew; undefined for other pictures. */
export async function timelinePicture(sha256: string): Promise<Blob | undefined> {
  if (!sha256.startsWith('ffffffff')) return undefined
  const at = Number.parseInt(sha256.replace(/^f+/, '') || '0', 16)
  const canvas = new OffscreenCanvas(960, 540)
  const context = canvas.getContext('2d')
  if (!context) return undefined
  context.fillStyle = '#fbfaf5'
  context.fillRect(0, 0, 960, 540)
  context.fillStyle = ['#24614a', '#23497a', '#7a4b23', '#5b2a6e'][at % 4] ?? '#000'
  context.fillRect(0, 0, 960, 14)
  const [title = '', ...lines] = (SLIDES[at % SLIDES.length] ?? '').split('\n')
  context.font = '600 52px sans-serif'
  context.fillText(title, 60, 130)
  context.fillStyle = '#333'
  context.font = '30px sans-serif'
  for (const [row, line] of lines.entries()) context.fillText(line, 60, 210 + row * 54)
  return canvas.convertToBlob({ type: 'image/png' })
}

function thing(kind: RestorableThing['kind'], words: string, at: string, hoursLeft: number | null): RestorableThing {
  return { kind, id: kind, words, at, hoursLeft, entries: 1, isFrame: false }
}

/** A study timeline whose page sends frames that are counted and thrown away. */
export function imitateTimeline(
  now: number,
  remove: (ids: readonly string[]) => void,
  frames: () => readonly Capture[],
  forecastMs: number,
) {
  let isTidied = false
  const os = implement(contract).$context<ClientContext>()
  const listeners = new Set<Channel<TimelineState>>()
  let holder: Channel<TimelineState> | undefined
  let state: TimelineState = {
    ...{ state: 'off', since: null, waiting: 0, kept: 0 },
    leftOut: { same: 0, black: 0, excluded: 0, missed: 0, unread: 0 },
    excludedBy: null,
  }
  const ago = (minutes: number) => new Date(now - minutes * MINUTE).toISOString()
  let restorable: RestorableThing[] = [
    thing('note', 'Plan for the exam week: read, explain, repeat, and sleep before the day itself', ago(2), 23.9),
    { ...thing('session', 'Cell respiration', ago(45), 23.2), entries: 6 },
    thing('capture', 'Why does ATP synthase turn? '.repeat(9), ago(190), 20.7),
    thing('document', 'Lecture 7.pdf', ago(1_020), null),
    { ...thing('capture', '', ago(1_200), 3.4), id: 'frame', isFrame: true },
    thing('collection', 'Chemistry', ago(1_390), 0.6),
  ]
  const drop = (things: readonly { kind: string; id: string }[]) => {
    restorable = restorable.filter((each) => !things.some(({ kind, id }) => kind === each.kind && id === each.id))
  }
  let deleted: DeletedWaiting = {
    ...{ captures: 12, notes: 1, documents: 2, collections: 1, hours: 24 },
    oldest: new Date(now - 90 * MINUTE).toISOString(),
  }
  const set = (patch: Partial<TimelineState>) => {
    state = { ...state, ...patch }
    for (const listener of listeners) listener.push(state)
    holder?.push(state)
    return state
  }
  const release = () => {
    holder?.end()
    holder = undefined
    return set({ state: 'off', since: null })
  }
  return {
    timeline: {
      state: os.timeline.state.handler(() => state),
      pace: os.timeline.pace.handler(() => ({ everySeconds: 1 })),
      hold: os.timeline.hold.handler(async function* ({ signal }) {
        holder = new Channel<TimelineState>()
        signal?.addEventListener('abort', release)
        set({ state: 'on', since: new Date().toISOString(), kept: 0 })
        yield* holder
      }),
      watch: os.timeline.watch.handler(async function* ({ signal }) {
        const channel = new Channel<TimelineState>()
        listeners.add(channel)
        signal?.addEventListener('abort', () => channel.end())
        yield state
        try {
          yield* channel
        } finally {
          listeners.delete(channel)
        }
      }),
      offer: os.timeline.offer.handler(() => {
        set({ kept: state.kept + 1 })
        return { outcome: 'taken' as const }
      }),
      pause: os.timeline.pause.handler(() => set({ state: 'paused' })),
      resume: os.timeline.resume.handler(() => set({ state: 'on' })),
      stop: os.timeline.stop.handler(() => release()),
      forget: os.timeline.forget.handler(({ input }) => {
        const from = now - input.minutes * MINUTE
        const gone = frames().filter(({ source, createdAt }) => source === 'screen' && Date.parse(createdAt) >= from)
        remove(gone.map(({ id }) => id))
        return { frames: gone.length }
      }),
      forgetFrames: os.timeline.forgetFrames.handler(({ input }) => {
        remove(input.ids)
        return { frames: input.ids.length }
      }),
      gaps: os.timeline.gaps.handler(() => {
        const at = (minutes: number) => new Date(now - minutes * MINUTE).toISOString()
        return { gaps: [{ from: at(12), to: at(11), frames: 7, why: 'missed' as const }] }
      }),
    },
    forgetting: {
      waiting: os.forgetting.waiting.handler(() => deleted),
      list: os.forgetting.list.handler(() => ({ things: restorable })),
      restore: os.forgetting.restore.handler(({ input }) => drop(input.things)),
      forget: os.forgetting.forget.handler(({ input }) => {
        drop(input.things)
        return { captures: 1, notes: 0, documents: 0, collections: 0, memories: 0, cards: 0 }
      }),
      forgetNow: os.forgetting.forgetNow.handler(() => {
        const { captures, notes, documents, collections } = deleted
        deleted = { ...deleted, captures: 0, notes: 0, documents: 0, collections: 0, oldest: null }
        return { captures, notes, documents, collections, memories: 1, cards: 2 }
      }),
    },
    retention: {
      wouldGo: os.retention.wouldGo.handler(({ input }) =>
        input.timelineDays === 1 ? { items: 380, bytes: 56_000_000 } : { items: 0, bytes: 0 },
      ),
      forecast: os.retention.forecast.handler(async () => {
        // Counted when it is asked, and told later.
        const recordings = isTidied ? { items: 0, bytes: 0 } : { items: 203, bytes: 18_750_000 }
        await new Promise((resolve) => setTimeout(resolve, forecastMs))
        return {
          kinds: [
            {
              ...{ kind: 'timeline' as const, items: 412, bytes: 61_000_000, bytesADay: 9_400_000 },
              expectedBytes: 131_600_000,
              ...{ days: 14, mb: 2_000 },
            },
            {
              ...{ kind: 'recordings' as const, ...recordings, bytesADay: 410_000 },
              expectedBytes: 168_400_000,
              ...{ days: null, mb: null },
            },
            {
              ...{ kind: 'longRecordings' as const, items: 26, bytes: 2_210_000_000, bytesADay: 31_000_000 },
              expectedBytes: 2_790_000_000,
              ...{ days: 90, mb: null },
            },
            {
              ...{ kind: 'pictures' as const, items: 0, bytes: 0, bytesADay: 0 },
              expectedBytes: 0,
              days: null,
              mb: null,
            },
          ],
          free: 212_000_000_000,
        }
      }),
      tidy: os.retention.tidy.handler(async () => {
        await new Promise((resolve) => setTimeout(resolve, forecastMs / 2))
        isTidied = true
      }),
    },
  }
}
