import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { documentHash } from './document-digest.ts'
import { pieces } from './pieces.ts'

/** A document that several devices typed into and deleted from. */
function written(edits: readonly (readonly [number, number, string, number])[]): Y.Doc {
  const docs = [1, 2, 3].map((client) => {
    const doc = new Y.Doc()
    doc.clientID = client
    return doc
  })
  for (const [who, at, text, deleted] of edits) {
    const doc = docs[who % 3] as Y.Doc
    const body = doc.getText('body')
    body.insert(Math.min(at, body.length), text)
    body.delete(0, Math.min(deleted, body.length))
    doc.getMap('fields').set(`key ${at}`, text)
    for (const other of docs) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(other)))
  }
  return docs[0] as Y.Doc
}

const history = fc.array(
  fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 40 }), fc.string({ minLength: 1, maxLength: 30 }), fc.nat({ max: 5 })),
  { minLength: 1, maxLength: 40 },
)

describe('pieces of an update', () => {
  it('bring together what the whole brings, in any order', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 20, max: 400 }), fc.boolean(), (edits, most, isReversed) => {
        const doc = written(edits)
        const cut = pieces(Y.encodeStateAsUpdate(doc), most)
        const other = new Y.Doc()
        for (const piece of isReversed ? cut.reverse() : cut) Y.applyUpdate(other, piece)
        expect(other.getText('body').toString()).toBe(doc.getText('body').toString())
        expect(other.getMap('fields').toJSON()).toEqual(doc.getMap('fields').toJSON())
        expect(documentHash(other)).toEqual(documentHash(doc))
      }),
    )
  })

  it('are about as long as was asked', () => {
    const doc = written(Array.from({ length: 200 }, (_, at) => [at, at, 'ten letters'.repeat(3), 1] as const))
    const cut = pieces(Y.encodeStateAsUpdate(doc), 1_000)
    expect(cut.length).toBeGreaterThan(5)
    for (const piece of cut.slice(0, -1)) expect(piece.length).toBeLessThan(1_200)
  })

  it('are the update itself where it is short', () => {
    const update = Y.encodeStateAsUpdate(written([[0, 0, 'a', 0]]))
    expect(pieces(update, 1_000)).toEqual([update])
  })
})

describe('the hash of a document', () => {
  it('is the same for the same updates in any order, and another for others', () => {
    const one = written([
      [0, 0, 'abc', 0],
      [1, 2, 'def', 1],
    ])
    const other = new Y.Doc()
    Y.applyUpdate(other, Y.encodeStateAsUpdate(one))
    expect(documentHash(other)).toEqual(documentHash(one))
    other.getText('body').insert(0, 'x')
    expect(documentHash(other)).not.toEqual(documentHash(one))
    one.getText('body').delete(0, 1)
    expect(documentHash(other)).not.toEqual(documentHash(one))
  })
})
