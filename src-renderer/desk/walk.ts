/** Where an element stands, in pixels. */
export interface Place {
  left: number
  top: number
  width: number
  height: number
}

const middle = ({ left, width }: Place) => left + width / 2

/**
 * Which tile an arrow key leads to: beside, to the next one in order; up and down, to the one of the nearest row that stands closest below or
 * above. Past an end it stays.
 * @param at the present tile; -1 for none @returns null for keys that lead nowhere
 */
export function walked(key: string, at: number, places: readonly Place[]): number | null {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key]
  if (step !== undefined) return Math.max(0, Math.min(places.length - 1, at + step))
  const way = { ArrowDown: 1, ArrowUp: -1 }[key]
  if (way === undefined) return null
  const from = places[at]
  if (!from) return 0
  const onTheWay = [...places.keys()].filter((n) => {
    const there = places[n] as Place
    return way * (there.top - from.top) >= Math.min(there.height, from.height) / 2
  })
  const row = Math.min(...onTheWay.map((n) => way * (places[n] as Place).top))
  const inRow = onTheWay.filter((n) => way * (places[n] as Place).top === row)
  const away = (n: number) => Math.abs(middle(places[n] as Place) - middle(from))
  return inRow.sort((a, b) => away(a) - away(b))[0] ?? at
}
