/** The name of a concept that would stand beside its circle; lengths in pixels of the screen, y downwards. */
export interface WishedLabel {
  text: string
  /** Of the text as it is drawn. */
  width: number
  /** Middle and radius of the circle. */
  x: number
  y: number
  size: number
  /** A chosen one stands in any case, and on the right, where its frame is drawn. */
  isChosen: boolean
  /** Goes before larger circles. */
  isForced: boolean
}

export interface PlacedLabel {
  text: string
  left: number
  /** Middle of the line. */
  y: number
}

interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** Between a circle and its name, and around a name. */
const GAP = 4
const ROOM = 2

/**
 * Places names so that none lies on another: those of the largest circles first, each on the first side of its circle where there is room
 * (right, left, below, above), best where it covers no circle of another named concept. One that has room nowhere is left out until the
 * learner comes nearer.
 * @param height of a line
 */
export function placeLabels(wished: readonly WishedLabel[], height: number): PlacedLabel[] {
  const taken: Box[] = []
  const placed: PlacedLabel[] = []
  const circles = wished.map(({ x, y, size }) => ({ left: x - size, top: y - size, right: x + size, bottom: y + size }))
  const first = (a: boolean, b: boolean) => Number(b) - Number(a)
  const inOrder = wished.toSorted(
    (a, b) => first(a.isChosen, b.isChosen) || first(a.isForced, b.isForced) || b.size - a.size,
  )
  for (const label of inOrder) {
    const sides = sidesOf(label, height).map((side) => ({ side, box: boxOf(label, side, height) }))
    const open = sides.filter(({ box }) => !taken.some((other) => overlap(box, other)))
    const best = open.find(({ box }) => !circles.some((circle) => overlap(box, circle))) ?? open[0]
    const chosen = label.isChosen ? sides[0] : best
    if (!chosen) continue
    taken.push(chosen.box)
    placed.push({ text: label.text, ...chosen.side })
  }
  return placed
}

function boxOf({ width }: WishedLabel, { left, y }: Omit<PlacedLabel, 'text'>, height: number): Box {
  return {
    left: left - ROOM,
    top: y - height / 2 - ROOM,
    right: left + width + ROOM,
    bottom: y + height / 2 + ROOM,
  }
}

function sidesOf({ x, y, size, width }: WishedLabel, height: number): Omit<PlacedLabel, 'text'>[] {
  const away = size + GAP
  return [
    { left: x + away, y },
    { left: x - away - width, y },
    { left: x - width / 2, y: y + away + height / 2 },
    { left: x - width / 2, y: y - away - height / 2 },
  ]
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
