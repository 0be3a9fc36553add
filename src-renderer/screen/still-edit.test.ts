import { describe, expect, it } from 'vitest'
import { between, inside, nudged, StillEdit } from './still-edit.ts'

describe('StillEdit', () => {
  it('takes back one step after the other', () => {
    const edit = new StillEdit()
    const id = edit.cover([0.1, 0.1, 0.2, 0.2])
    edit.change(id, [0.3, 0.1, 0.2, 0.2])
    edit.cut([0, 0, 0.5, 0.5])
    edit.undo()
    expect(edit.present.cut).toBeNull()
    edit.undo()
    expect(edit.present.covers).toEqual([{ id, part: [0.1, 0.1, 0.2, 0.2], found: null }])
    edit.undo()
    expect(edit.present.covers).toEqual([])
    expect(edit.canUndo).toBe(false)
  })

  it('keeps covered what was found, however much is taken back', () => {
    const edit = new StillEdit()
    edit.cover([0.1, 0.1, 0.2, 0.2])
    edit.propose([{ part: [0.5, 0.5, 0.1, 0.1], kind: 'card' }])
    edit.undo()
    edit.undo()
    expect(edit.present.covers.map(({ found }) => found)).toEqual(['card'])
  })

  it('lets the learner take away what was found, and take that back', () => {
    const edit = new StillEdit()
    edit.propose([{ part: [0.5, 0.5, 0.1, 0.1], kind: 'card' }])
    edit.uncover(edit.present.covers[0]?.id ?? 0)
    expect(edit.present.covers).toEqual([])
    edit.undo()
    expect(edit.present.covers).toHaveLength(1)
  })
})

describe('parts of a picture', () => {
  it('stay in it', () => {
    expect(inside([-0.2, 0.9, 0.5, 0.3])).toEqual([0, 0.7, 0.5, 0.3])
    expect(inside([0.5, 0.5, 4, 0])).toEqual([0, 0.5, 1, 0.008])
  })

  it('are drawn from any corner', () => {
    const part = between([0.8, 0.2], [0.3, 1.4])
    expect(part.map((value) => Math.round(value * 100) / 100)).toEqual([0.3, 0.2, 0.5, 0.8])
  })

  it('are moved by arrows, and sized with Shift', () => {
    expect(nudged([0.5, 0.5, 0.2, 0.2], 'ArrowRight', false)?.[0]).toBeCloseTo(0.51)
    expect(nudged([0.5, 0.5, 0.2, 0.2], 'ArrowDown', true)?.[3]).toBeCloseTo(0.21)
    expect(nudged([0.5, 0.5, 0.2, 0.2], 'Enter', false)).toBeNull()
  })
})
