import type * as Y from 'yjs'
import { type Core, nowOf, writeStep } from './core.ts'
import { DECK_DOCUMENT, MEMORIES_DOCUMENT } from './document-names.ts'
import { badInput, takeCaptureText, takeInstant, takeRecordId, wellFormed } from './door.ts'
import { bringBack, forgetRecords, forgottenBy } from './forget-records.ts'
import { type KeptRecords, keptRecords, recordIds, removeFields, setFields, unusedId } from './kept-records.ts'
import { countMemories, getCards, getMemories, getMemory, listMemories, unheldProposals } from './memory-reads.ts'
import { LONGEST_STATEMENT, type MemoryRecord, readCard, readMemory, STATEMENT_KINDS } from './memory-records.ts'
import { notFound } from './reads.ts'
import { isMarked, plainWords, proposalId } from './statements.ts'
import type { Memory, NewMemory, SpokenSpan, StatementKind, Vault } from './types.ts'

/** The memories of an open vault; `Vault['memories']` says what each function does. */
export function memoriesOf(core: Core): Vault['memories'] {
  const { db, vaultId, writer } = core
  const recordsIn = (doc: Y.Doc) => keptRecords(doc, 'memories')

  /** The words of the captures at these spans, and when they were said; undefined where they are not there. */
  const spoken = async (spans: readonly SpokenSpan[]) => {
    const rows = await db.query<{ id: string; user_text: string; created_at: Date; edited_at: Date | null }>(
      'select id, user_text, created_at, edited_at from captures where vault_id = $1 and id = any($2::text[])',
      [vaultId, spans.map(({ captureId }) => captureId)],
    )
    const captures = new Map(rows.map((row) => [row.id, row]))
    return spans.map(({ captureId, start, end }) => {
      const capture = captures.get(captureId)
      const quote = capture?.user_text.slice(start, end) ?? ''
      if (!capture || !Number.isInteger(start) || quote.length !== end - start || quote.trim() === '') return undefined
      const [createdAt, editedAt] = [capture.created_at.toISOString(), capture.edited_at?.toISOString() ?? null]
      return { createdAt, editedAt, receipt: { captureId, quote, start, end } }
    })
  }

  /** Changes live memories as one step, and answers them as they are then. @throws LvaError not-found */
  const change = (ids: readonly string[], fn: (records: KeptRecords, memories: MemoryRecord[]) => void) => {
    const wanted = Array.from(new Set(ids.map(takeRecordId)))
    return writer.exclusively(async () => {
      await writeStep(core, [MEMORIES_DOCUMENT], (docOf) => {
        const records = recordsIn(docOf(MEMORIES_DOCUMENT))
        fn(
          records,
          wanted.map((id) => liveMemory(records, id)),
        )
      })
      const memories = await getMemories(db, vaultId, wanted)
      return wanted.flatMap((id) => memories.find((memory) => memory.id === id) ?? [])
    })
  }

  const changeOne = async (id: string, fn: (records: KeptRecords, memory: MemoryRecord) => void): Promise<Memory> => {
    const [memory] = await change([id], (records, [found]) => found && fn(records, found))
    if (!memory) throw notFound('This memory')
    return memory
  }

  return {
    propose: async (statements) => {
      const taken = statements.map((statement) => takeStatement(statement))
      return writer.exclusively(async () => {
        const places = await spoken(statements.map(({ receipt }) => receipt))
        const { result } = await writer.write([MEMORIES_DOCUMENT], (docOf) => {
          const records = recordsIn(docOf(MEMORIES_DOCUMENT))
          const now = nowOf(core)
          const isNew = newStatements(records, now)
          const ids: string[] = []
          for (const [index, statement] of taken.entries()) {
            const place = places[index]
            if (!place) continue
            const { captureId, start, end } = place.receipt
            const id = proposalId(captureId, place.editedAt, start, end)
            if (!isNew(id, statement.text)) continue
            setFields(records, id, {
              ...statement,
              state: 'proposed',
              receipt: place.receipt,
              validFrom: place.createdAt,
              createdAt: now,
              updatedAt: now,
            })
            ids.push(id)
          }
          return ids
        })
        return getMemories(db, vaultId, result)
      })
    },

    bring: async (memories) => {
      const taken = memories.map((memory) => ({
        id: takeRecordId(memory.id),
        ...takeStatement(memory),
        validFrom: takeInstant(memory.validFrom, 'The beginning'),
        createdAt: takeInstant(memory.createdAt, 'The time of a memory'),
      }))
      return writer.exclusively(async () => {
        const places = new Map<string, Awaited<ReturnType<typeof spoken>>[number]>()
        for (const { id, receipt } of memories) if (receipt) places.set(id, (await spoken([receipt]))[0])
        const { result } = await writer.write([MEMORIES_DOCUMENT], (docOf) => {
          const records = recordsIn(docOf(MEMORIES_DOCUMENT))
          const now = nowOf(core)
          const isNew = newStatements(records, now)
          let brought = 0
          for (const { id, ...statement } of taken) {
            if (!isNew(id, statement.text)) continue
            const receipt = places.get(id)?.receipt ?? null
            setFields(records, id, { ...statement, state: 'proposed', receipt, updatedAt: now })
            brought += 1
          }
          return brought
        })
        return result
      })
    },

    add: async (memory, ids = []) => {
      const statement = takeStatement(memory)
      return writer.exclusively(async () => {
        const [place] = memory.receipt ? await spoken([memory.receipt]) : []
        if (memory.receipt && !place) throw badInput('The receipt names words that the capture does not hold.')
        const { result: id } = await writeStep(core, [MEMORIES_DOCUMENT], (docOf) => {
          const records = recordsIn(docOf(MEMORIES_DOCUMENT))
          const now = nowOf(core)
          const words = plainWords(statement.text)
          const same = liveMemories(records).find(
            (known) => plainWords(known.text) === words && (known.state === 'proposed' || isValid(known, now)),
          )
          const id = same?.id ?? unusedId(records, ids) ?? core.newId()
          if (!same) {
            const receipt = place?.receipt ?? null
            setFields(records, id, { ...statement, receipt, validFrom: now, createdAt: now })
          }
          if (same?.state !== 'accepted') {
            setFields(records, id, { state: 'accepted', updatedAt: now })
            endFormer(records, liveMemory(records, id), now)
          }
          return id
        })
        return getMemory(db, vaultId, id)
      })
    },

    accept: (ids) =>
      change(ids, (records, memories) => {
        const now = nowOf(core)
        const inOrder = memories.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
        for (const memory of inOrder) {
          if (memory.state === 'accepted') continue
          setFields(records, memory.id, { state: 'accepted', updatedAt: now })
          endFormer(records, liveMemory(records, memory.id), now)
        }
      }),

    edit: (id, patch) => {
      const text = patch.text === undefined ? undefined : takeText(patch.text)
      const kind = patch.kind === undefined ? undefined : takeKind(patch.kind)
      const validTo = typeof patch.validTo === 'string' ? takeInstant(patch.validTo, 'The end') : patch.validTo
      return changeOne(id, (records, memory) => {
        const changes: Record<string, unknown> = {}
        if (text !== undefined && text !== memory.text) {
          changes.text = text
          // What names its own words, such as a taste, is about something else now.
          if (memory.about?.includes(':')) changes.about = null
        }
        if (kind !== undefined && kind !== memory.kind) changes.kind = kind
        if (validTo !== undefined && validTo !== memory.validTo) changes.validTo = validTo
        if (Object.keys(changes).length > 0) setFields(records, id, { ...changes, updatedAt: nowOf(core) })
      })
    },

    forget: async (ids, by) => {
      const wanted = new Set(ids.map(takeRecordId))
      return forgetRecords(
        core,
        (docOf) => {
          const memories = recordsIn(docOf(MEMORIES_DOCUMENT))
          const texts = Array.from(wanted, (id) => [id, liveMemory(memories, id).text] as const)
          const cards = cardsOn(keptRecords(docOf(DECK_DOCUMENT), 'deck'), memories, wanted)
          return { memories: new Map(texts), cards: new Set(cards) }
        },
        by,
      )
    },

    bringBack: (id) => bringBack(core, MEMORIES_DOCUMENT, takeRecordId(id)),

    forgottenBy: async (by) => forgottenBy(core, by),

    restingCards: async (ids) => {
      const wanted = new Set(ids.map(takeRecordId))
      return writer.exclusively(async (documents) => {
        const memories = recordsIn((await documents.open(db, MEMORIES_DOCUMENT)).doc)
        const deck = keptRecords((await documents.open(db, DECK_DOCUMENT)).doc, 'deck')
        for (const id of wanted) liveMemory(memories, id)
        return getCards(db, vaultId, cardsOn(deck, memories, wanted))
      })
    },

    withdrawUnheld: (captureIds) =>
      writer.exclusively(async () => {
        const ids = await unheldProposals(db, vaultId, captureIds)
        if (ids.length === 0) return 0
        await writer.write([MEMORIES_DOCUMENT], (docOf) => {
          removeFields(recordsIn(docOf(MEMORIES_DOCUMENT)), new Set(ids))
        })
        return ids.length
      }),

    get: async (id) => getMemory(db, vaultId, id),
    getMany: async (ids) => getMemories(db, vaultId, ids),
    list: async (filter, page) => listMemories(db, vaultId, filter, page),
    counts: async () => countMemories(db, vaultId),
  }
}

/** @throws LvaError text-empty, text-too-long, bad-input */
function takeStatement({ text, kind, about }: NewMemory) {
  return {
    text: takeText(text),
    kind: takeKind(kind),
    about: about ? wellFormed(about).slice(0, LONGEST_STATEMENT) : null,
  }
}

function takeText(text: string): string {
  return takeCaptureText(text, LONGEST_STATEMENT).trim()
}

function takeKind(kind: StatementKind): StatementKind {
  if (!STATEMENT_KINDS.includes(kind)) throw badInput(`The kind must be one of ${STATEMENT_KINDS.join(', ')}.`)
  return kind
}

/** @throws LvaError not-found */
function liveMemory(records: KeptRecords, id: string): MemoryRecord {
  const memory = records.forgotten.has(id) ? undefined : readMemory(records, id)
  if (!memory) throw notFound('This memory')
  return memory
}

function liveMemories(records: KeptRecords): MemoryRecord[] {
  return Array.from(recordIds(records)).flatMap((id) =>
    records.forgotten.has(id) ? [] : (readMemory(records, id) ?? []),
  )
}

function isValid({ validTo }: MemoryRecord, now: string): boolean {
  return validTo === null || validTo > now
}

/**
 * Tells of one statement after the other whether it may be proposed: not where it waits or is so now, was forgotten, or came before. What was
 * so once may be so again.
 */
function newStatements(records: KeptRecords, now: string): (id: string, text: string) => boolean {
  const marks = marksOf(records)
  const known = new Set(
    liveMemories(records)
      .filter((memory) => isValid(memory, now))
      .map(({ text }) => plainWords(text)),
  )
  return (id, text) => {
    const words = plainWords(text)
    const isOver = records.forgotten.has(id) || readMemory(records, id) !== undefined
    if (isOver || known.has(words) || marks.some((mark) => isMarked(words, mark))) return false
    known.add(words)
    return true
  }
}

function marksOf({ forgotten }: KeptRecords): string[] {
  return Array.from(forgotten.values()).flatMap((tombstone) => {
    const mark = (tombstone as { mark?: unknown } | null)?.mark
    return typeof mark === 'string' ? [mark] : []
  })
}

/** Of what is only true once at a time, the memory that begins later ends the others; an older one that comes late is over already. */
function endFormer(records: KeptRecords, memory: MemoryRecord, now: string): void {
  if (memory.about === null) return
  for (const other of liveMemories(records)) {
    if (other.id === memory.id || other.about !== memory.about || other.state !== 'accepted' || !isValid(other, now))
      continue
    if (plainWords(other.text) === plainWords(memory.text)) continue
    const [former, newer] = memory.validFrom < other.validFrom ? [memory, other] : [other, memory]
    setFields(records, former.id, { validTo: newer.validFrom, updatedAt: now })
  }
}

/** Ids of the cards that come from these memories, or from the words that show them. */
function cardsOn(deck: KeptRecords, memories: KeptRecords, ids: ReadonlySet<string>): string[] {
  const receipts = Array.from(ids, (id) => readMemory(memories, id)?.receipt ?? null).filter(
    (receipt) => receipt !== null,
  )
  return Array.from(recordIds(deck)).filter((id) => {
    const source = readCard(deck, id)?.source
    if (!source) return false
    if (source.kind === 'memory') return ids.has(source.captureId)
    return (
      source.kind === 'capture' &&
      source.field === 'userText' &&
      receipts.some(
        ({ captureId, start, end }) => captureId === source.captureId && start < source.end && source.start < end,
      )
    )
  })
}
