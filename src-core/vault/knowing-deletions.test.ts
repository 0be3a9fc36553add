import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { deleteNote, isEditedUnseen, isTypedUnseen, NOTE_OVER, restoreNote } from './knowing-deletions.ts'
import { noteOf } from './note.ts'

const DEVICES = [0, 1, 2]

/** An instant that no other step has. */
const instant = (at: number) => new Date(Date.UTC(2026, 10, 3) + at * 1_000).toISOString()
const wordsIn = (doc: Y.Doc) => noteOf(doc).body.toString().split(' ').filter(Boolean)

const step = fc.oneof(
  fc.record({
    do: fc.constantFrom('type' as const, 'take' as const, 'delete' as const, 'restore' as const),
    who: fc.nat(2),
    from: fc.constant(0),
  }),
  fc.record({ do: fc.constant('read' as const), who: fc.nat(2), from: fc.nat(2) }),
)

it('a deleted note tells what was typed that its deletion had not seen, and nothing else, whatever devices do', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const docs = DEVICES.map((number) => {
        const doc = new Y.Doc()
        doc.clientID = 100 + number
        return doc
      })
      const read = (who: number, from: number) => {
        const [to, source] = [docs[who], docs[from]]
        if (to && source && who !== from) Y.applyUpdate(to, Y.encodeStateAsUpdate(source))
      }
      /** What stood in the text, by the instant of the deletion. */
      const seen = new Map<string, string[]>()
      for (const [at, { do: done, who, from }] of steps.entries()) {
        const doc = docs[who]
        if (!doc) continue
        const note = noteOf(doc)
        const isDeleted = note.fields.has('deletedAt')
        doc.transact(() => {
          if (done === 'type' && !isDeleted) {
            note.body.insert(0, `word${at} `)
            note.fields.set('updatedAt', instant(at))
          } else if (done === 'take' && !isDeleted && note.body.length > 0) {
            note.body.delete(0, note.body.toString().indexOf(' ') + 1)
            note.fields.set('updatedAt', instant(at))
          } else if (done === 'delete' && !isDeleted) {
            seen.set(instant(at), wordsIn(doc))
            deleteNote(note, instant(at))
          } else if (done === 'restore' && isDeleted) restoreNote(note)
        })
        if (done === 'read') read(who, from)
      }
      for (let round = 0; round < 2; round += 1) for (const who of DEVICES) for (const from of DEVICES) read(who, from)
      for (const doc of docs) {
        const { body, fields } = noteOf(doc)
        const at = fields.get('deletedAt')
        if (typeof at !== 'string') continue
        const unseen = wordsIn(doc).filter((word) => !seen.get(at)?.includes(word))
        expect(isTypedUnseen(fields.get(NOTE_OVER), at, body)).toBe(unseen.length > 0)
      }
    }),
    { numRuns: Number(process.env.LVA_TEST_RUNS ?? 500) },
  )
})

it('a deletion by an older version is judged by the instants alone', () => {
  const doc = new Y.Doc()
  const { body, fields } = noteOf(doc)
  body.insert(0, 'typed')
  fields.set('updatedAt', instant(2))
  fields.set('deletedAt', instant(1))
  expect(isTypedUnseen(fields.get(NOTE_OVER), instant(1), body)).toBe(false)
  const edits = { map: fields, key: 'updatedAt', editedAt: instant(2) }
  expect(isEditedUnseen(fields.get(NOTE_OVER), instant(1), edits)).toBe(true)
})
