import type { FoundKind } from './found-words.ts'

/** Left, top, width and height, as parts of the picture. */
export type Part = readonly [left: number, top: number, width: number, height: number]

/** A place that is painted over before the picture is kept. */
export interface Cover {
  id: number
  part: Part
  /** What was found there; null where the learner drew it. */
  found: FoundKind | null
}

interface Edit {
  /** What is kept; null for all of it. */
  cut: Part | null
  covers: readonly Cover[]
}

/** Nobody can grasp less, as a part of a side. */
export const SMALLEST = 0.008

/** What the learner makes of a still before it is kept. */
export class StillEdit {
  #present: Edit = { cut: null, covers: [] }
  #past: Edit[] = []
  #made = 0
  readonly #listeners = new Set<() => void>()

  get present(): Edit {
    return this.#present
  }

  get canUndo(): boolean {
    return this.#past.length > 0
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Covers what was found. The learner did not do it, so it is no step to take back; each box can be taken away. */
  propose(found: readonly { part: Part; kind: FoundKind }[]): void {
    const covers = found.map(({ part, kind }) => ({ id: ++this.#made, part: inside(part), found: kind }))
    const add = (edit: Edit): Edit => ({ ...edit, covers: [...covers, ...edit.covers] })
    this.#past = this.#past.map(add)
    this.#show(add(this.#present))
  }

  /** @returns the id of the new box */
  cover(part: Part): number {
    const id = ++this.#made
    this.#step({ covers: [...this.#present.covers, { id, part: inside(part), found: null }] })
    return id
  }

  change(id: number, part: Part): void {
    this.#step({
      covers: this.#present.covers.map((cover) => (cover.id === id ? { ...cover, part: inside(part) } : cover)),
    })
  }

  uncover(id: number): void {
    this.#step({ covers: this.#present.covers.filter((cover) => cover.id !== id) })
  }

  cut(part: Part | null): void {
    this.#step({ cut: part && inside(part) })
  }

  undo(): void {
    const before = this.#past.pop()
    if (before) this.#show(before)
  }

  #step(change: Partial<Edit>): void {
    this.#past.push(this.#present)
    this.#show({ ...this.#present, ...change })
  }

  #show(edit: Edit): void {
    this.#present = edit
    for (const listener of [...this.#listeners]) listener()
  }
}

/** The part, moved and shrunk until it lies in the picture. */
export function inside([left, top, width, height]: Part): Part {
  const w = Math.min(1, Math.max(SMALLEST, width))
  const h = Math.min(1, Math.max(SMALLEST, height))
  return [Math.min(1 - w, Math.max(0, left)), Math.min(1 - h, Math.max(0, top)), w, h]
}

/** The part between two corners, in whatever order. */
export function between(from: readonly [number, number], to: readonly [number, number]): Part {
  const clamp = (value: number) => Math.min(1, Math.max(0, value))
  const [x0, y0, x1, y1] = [clamp(from[0]), clamp(from[1]), clamp(to[0]), clamp(to[1])]
  return [Math.min(x0, x1), Math.min(y0, y1), Math.abs(x1 - x0), Math.abs(y1 - y0)]
}

const STEP = 0.01

/** The part after an arrow key: moved, or with Shift sized; null for other keys. */
export function nudged([left, top, width, height]: Part, key: string, isSized: boolean): Part | null {
  const steps: Record<string, readonly [number, number]> = {
    ArrowLeft: [-STEP, 0],
    ArrowRight: [STEP, 0],
    ArrowUp: [0, -STEP],
    ArrowDown: [0, STEP],
  }
  const step = steps[key]
  if (!step) return null
  const [x, y] = step
  return inside(isSized ? [left, top, width + x, height + y] : [left + x, top + y, width, height])
}
