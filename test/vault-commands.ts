import fc from 'fast-check'
import * as Y from 'yjs'
import type { ManualClock } from '../src-core/kernel/index.ts'
import { isLvaError } from '../src-core/kernel/index.ts'
import type { Answer, Capture, OpenVault } from '../src-core/vault/index.ts'

/** Random commands for a vault. `pick` chooses among the things that there are when the command runs. */
export type Command =
  | { do: 'add'; session: number; text: string }
  | { do: 'answer'; pick: number; text: string }
  | { do: 'edit'; pick: number; text: string }
  | { do: 'delete' | 'restore'; picks: number[] }
  | { do: 'rename'; session: number; title: string | null }
  | { do: 'deleteSession' | 'restoreSession'; session: number }
  | { do: 'createNote'; title: string; body: string }
  | { do: 'editNote'; pick: number; title: string | undefined; body: string | undefined }
  | { do: 'deleteNote' | 'restoreNote'; pick: number }
  | { do: 'addDocument'; bytes: number; title: string; tag: number }
  | { do: 'renameDocument' | 'tagDocument' | 'untagDocument'; pick: number; text: string }
  | { do: 'deleteDocument' | 'restoreDocument'; pick: number }
  | { do: 'createCollection'; name: string }
  | { do: 'collect' | 'deleteCollection'; pick: number }
  | { do: 'propose'; pick: number; kind: number }
  | { do: 'remember'; text: string; about: number }
  | { do: 'accept' | 'forget' | 'endMemory' | 'cardOn'; pick: number }
  | { do: 'editMemory'; pick: number; text: string }
  | { do: 'keepCard' | 'deleteCard'; pick: number }
  | { do: 'set'; theme: 'light' | 'dark'; rate: number }
  | { do: 'undo' | 'redo' }
  | { do: 'wait'; hours: number }

const STATEMENT_KINDS = ['fact', 'preference', 'goal'] as const
const SESSIONS = ['s', 'a/b', '/', ' ', 'é:😀']
const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é', '😀', '\n', '/'), minLength: 1, maxLength: 12 })
const pick = fc.nat({ max: 50 })
const session = fc.nat({ max: SESSIONS.length - 1 })
const picks = fc.array(pick, { minLength: 1, maxLength: 3 })

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), session, text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer' as const), pick, text }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('edit' as const), pick, text }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('delete' as const, 'restore' as const), picks }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename' as const), session, title: fc.option(text) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('deleteSession' as const, 'restoreSession' as const), session }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('createNote' as const), title: text, body: text }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('editNote' as const),
      pick,
      title: fc.option(text, { nil: undefined }),
      body: fc.option(text, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('deleteNote' as const, 'restoreNote' as const), pick }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('addDocument' as const),
      bytes: fc.nat({ max: 5 }),
      title: text,
      tag: fc.nat({ max: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('renameDocument' as const, 'tagDocument' as const, 'untagDocument' as const),
      pick,
      text,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('deleteDocument' as const, 'restoreDocument' as const), pick }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('createCollection' as const), name: text }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('collect' as const, 'deleteCollection' as const), pick }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('propose' as const), pick, kind: fc.nat({ max: 2 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remember' as const), text, about: fc.nat({ max: 2 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('accept' as const, 'forget' as const, 'endMemory' as const, 'cardOn' as const),
      pick,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('editMemory' as const), pick, text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('keepCard' as const, 'deleteCard' as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('set' as const),
      theme: fc.constantFrom('light' as const, 'dark' as const),
      rate: fc.constantFrom(0.5, 1, 2),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('undo' as const, 'undo' as const, 'redo' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(0.001, 400) }) },
)

export const singleCommand = command

/** Always the same histories; `LVA_TEST_RUNS=1000` looks at as many new ones instead. */
export function propertyRuns(usual: number): { numRuns: number; seed?: number } {
  const wanted = process.env.LVA_TEST_RUNS
  return wanted === undefined ? { numRuns: usual, seed: 20_261_103 } : { numRuns: Number(wanted) }
}

/** Runs commands on one vault and remembers what it made, deleted things too. */
export class Player {
  vault: OpenVault
  readonly clock: ManualClock
  readonly captures: string[] = []
  readonly notes: string[] = []
  readonly documents: string[] = []
  readonly collections: string[] = []
  readonly memories: string[] = []
  readonly cards: string[] = []

  constructor(vault: OpenVault, clock: ManualClock) {
    this.vault = vault
    this.clock = clock
  }

  /** Runs the command. What it names may be deleted: `not-found` and blank text are answers like others. */
  async play(command: Command): Promise<void> {
    try {
      await this.#play(command)
    } catch (error) {
      if (!isLvaError(error, 'not-found') && !isLvaError(error, 'text-empty') && !isLvaError(error, 'bad-input'))
        throw error
    }
  }

  async #play(command: Command): Promise<void> {
    const { captures, sessions, notes, library, settings, memories, cards } = this.vault
    switch (command.do) {
      case 'add': {
        const input = { sessionId: sessionId(command.session), source: 'text' as const, userText: command.text }
        this.captures.push((await captures.add(input)).id)
        return
      }
      case 'propose': {
        const capture = await captures.get(this.#capture(command.pick))
        const kind = STATEMENT_KINDS[command.kind] ?? 'fact'
        const end = capture.userText.length
        const statement = { text: `says ${capture.userText}`, kind, receipt: { captureId: capture.id, start: 0, end } }
        this.memories.push(...(await memories.propose([statement])).map(({ id }) => id))
        await memories.withdrawUnheld([capture.id])
        return
      }
      case 'remember':
        this.memories.push(
          (
            await memories.add({
              text: command.text,
              kind: 'fact',
              about: ['home', 'name', null][command.about] ?? null,
            })
          ).id,
        )
        return
      case 'accept':
        await memories.accept([this.#memory(command.pick)])
        return
      case 'forget':
        await memories.forget([this.#memory(command.pick)])
        return
      case 'endMemory':
        await memories.edit(this.#memory(command.pick), { validTo: '2030-01-01T00:00:00.000Z' })
        return
      case 'editMemory':
        await memories.edit(this.#memory(command.pick), { text: command.text })
        return
      case 'cardOn': {
        const captureId = this.#memory(command.pick)
        const when = '2026-01-02T03:04:05.006Z'
        const source = {
          kind: 'memory' as const,
          captureId,
          field: 'memoryText' as const,
          start: 0,
          end: 1,
          text: 'x',
          when,
        }
        this.cards.push(
          ...(await cards.propose([{ front: `${command.pick}?`, back: 'x', source }])).map(({ id }) => id),
        )
        return
      }
      case 'keepCard':
        await cards.keep([this.#card(command.pick)])
        return
      case 'deleteCard':
        await cards.delete([this.#card(command.pick)])
        return
      case 'answer':
        await captures.answer(this.#capture(command.pick), answerOf(command.text))
        return
      case 'edit':
        await captures.edit(this.#capture(command.pick), { userText: command.text })
        return
      case 'delete':
        return captures.delete(command.picks.map((number) => this.#capture(number)))
      case 'restore':
        return captures.restore(command.picks.map((number) => this.#capture(number)))
      case 'rename':
        await sessions.rename(sessionId(command.session), command.title)
        return
      case 'deleteSession':
        return sessions.delete(sessionId(command.session))
      case 'restoreSession':
        return sessions.restore(sessionId(command.session))
      case 'createNote':
        this.notes.push((await notes.create({ title: command.title, body: command.body })).id)
        return
      case 'editNote': {
        const { title, body } = command
        await notes.edit(this.#note(command.pick), {
          ...(title === undefined ? {} : { title }),
          ...(body === undefined ? {} : { body }),
        })
        return
      }
      case 'deleteNote':
        return notes.delete(this.#note(command.pick))
      case 'restoreNote':
        return notes.restore(this.#note(command.pick))
      case 'addDocument': {
        const { bytes, title, tag } = command
        const version = { sha256: String(bytes).repeat(64), format: 'text', size: bytes }
        const origin = { kind: 'file' as const, name: title, address: null }
        const [added] = await library.add([{ ...version, title, origin, tags: ['x', 'y'].slice(0, tag) }])
        if (added) this.documents.push(added.id)
        return
      }
      case 'renameDocument':
        return library.rename(this.#document(command.pick), command.text)
      case 'tagDocument':
        return library.setTags([this.#document(command.pick)], { add: [command.text] })
      case 'untagDocument':
        return library.setTags([this.#document(command.pick)], { remove: ['x'] })
      case 'deleteDocument':
        return library.delete([this.#document(command.pick)])
      case 'restoreDocument':
        return library.restore([this.#document(command.pick)])
      case 'createCollection':
        this.collections.push((await library.createCollection(command.name)).id)
        return
      case 'collect':
        return library.setCollections([this.#document(command.pick)], { add: [this.#collection(command.pick)] })
      case 'deleteCollection':
        return library.deleteCollection(this.#collection(command.pick))
      case 'set':
        await settings.set({ theme: command.theme, voiceRate: command.rate })
        return
      case 'undo':
        await this.vault.undo()
        return
      case 'redo':
        await this.vault.redo()
        return
      case 'wait':
        await this.clock.advance(command.hours * 3_600_000)
    }
  }

  #capture(number: number): string {
    return this.captures[number % Math.max(1, this.captures.length)] ?? 'none'
  }

  #document(number: number): string {
    return this.documents[number % Math.max(1, this.documents.length)] ?? 'none'
  }

  #collection(number: number): string {
    return this.collections[number % Math.max(1, this.collections.length)] ?? 'none'
  }

  #memory(number: number): string {
    return this.memories[number % Math.max(1, this.memories.length)] ?? 'none'
  }

  #card(number: number): string {
    return this.cards[number % Math.max(1, this.cards.length)] ?? 'none'
  }

  #note(number: number): string {
    return this.notes[number % Math.max(1, this.notes.length)] ?? 'none'
  }
}

export function sessionId(number: number): string {
  return SESSIONS[number] as string
}

export function answerOf(text: string): Answer {
  return {
    text,
    provider: 'offline',
    model: 'tutor',
    inputTokens: 3,
    outputTokens: 5,
    costUsd: null,
    citations: [],
    agentsUsed: [{ agent: 'conversation', ms: 1.5 }],
    ending: 'complete',
    createdAt: '2026-01-02T03:04:05.006Z',
  }
}

/** What another device, of a newer version or a broken one, might write into a journal. */
const oddJournal = fc
  .record({
    map: fc.constantFrom('captures', 'edits', 'tombstones', 'sessions', 'titles', 'deletions'),
    key: fc.constantFrom(
      'x',
      'y',
      'x/userText',
      'y/answer',
      'x/unknown',
      'token/s',
      's',
      'a/b',
      '',
      '\u0000',
      '\ud800',
    ),
    value: fc.oneof(
      fc.constant(captureRecord('s')),
      fc.constant(captureRecord('a/b')),
      fc.constant({ ...captureRecord('s'), createdAt: 'yesterday', later: 1 }),
      fc.constant({ createdAt: '2025-12-31T23:59:59.999Z' }),
      fc.constant({ text: 'edited\u0000', at: '2026-02-01T00:00:00.000Z' }),
      fc.constant({ title: 'a title', at: '2026-02-01T00:00:00.000Z' }),
      fc.constant({ text: 'answered', ending: 7, citations: [{}, null] }),
      fc.constantFrom(null, 'text', -1, true, [1]),
      fc.constant(undefined),
    ),
    doc: fc.constantFrom('journal:2026-01.0', 'journal:2026-01.1', 'journal:2026-01.10', 'journal:2026-02.0'),
  })
  .map(({ map, key, value, doc: name }) => ({ map, key, value, name }))

/** The same for the documents of memories and cards. */
const oddKept = fc
  .record({
    map: fc.constantFrom('memories', 'cards', 'forgotten'),
    key: fc.constantFrom('x/text', 'x/kind', 'x/state', 'x/createdAt', 'x/receipt', 'x', 'y/front', 'y/state', '/', ''),
    value: fc.oneof(
      fc.constantFrom(
        'words\u0000',
        'goal',
        'accepted',
        'kept',
        '2026-02-01T00:00:00.000Z',
        '',
        null,
        7,
        true,
        undefined,
      ),
      fc.constant({ captureId: 'x', quote: 'from', start: 0, end: 4 }),
      fc.constant({ captureId: 'x', quote: 'from', start: -1, end: 2 ** 40 }),
      fc.constant({ at: 'yesterday', mark: 3 }),
    ),
    doc: fc.constantFrom('memories', 'deck'),
  })
  .map(({ map, key, value, doc: name }) => ({ map, key, value, name }))

export const oddUpdate = fc.oneof({ weight: 2, arbitrary: oddJournal }, { weight: 1, arbitrary: oddKept })

/** The update that sets, or without a value removes, the key on top of what `known` holds. */
export function writeOdd(known: Uint8Array, { map, key, value }: { map: string; key: string; value: unknown }) {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, known)
  if (value === undefined) doc.getMap(map).delete(key)
  else doc.getMap(map).set(key, value)
  return Y.encodeStateAsUpdate(doc)
}

function captureRecord(sessionId: string): Pick<Capture, 'sessionId' | 'createdAt' | 'source' | 'userText'> {
  return { sessionId, createdAt: '2026-01-15T12:00:00.000Z', source: 'import', userText: 'from elsewhere\ud800' }
}
