/** One replaced stretch: at `start` of the old text, `removed` code units give way to `inserted`. UTF-16 code units. */
export interface Hunk {
  start: number
  removed: number
  inserted: string
}

/** Beyond this many insertions and deletions the middle is replaced as a whole: the search costs their product with the length. */
const MOST_EDITS = 1_000

/**
 * A word, a run of white space, or any other single character. Scripts that write no spaces between words go character by character.
 */
const TOKENS =
  /[\p{Ideographic}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|[\p{L}\p{M}\p{N}]+|\s+|./gsu

/**
 * The hunks, in order, that turn `before` into `after`: between the common ends the shortest edit script over words (E. W. Myers, "An
 * O(ND) Difference Algorithm and Its Variations", Algorithmica 1, 1986), each replaced stretch then cut down to what differs. Over words,
 * because letters that two words happen to share are no reason to keep them apart. No surrogate pair is split.
 */
export function diffText(before: string, after: string): Hunk[] {
  if (before === after) return []
  const start = commonStart(before, after)
  const end = commonEnd(before, after, start)
  const oldMiddle = before.slice(start, before.length - end)
  const newMiddle = after.slice(start, after.length - end)
  return hunksOf(oldMiddle, newMiddle, start).map((hunk) => trim(hunk, before))
}

/**
 * What a text becomes when two changes of it are both made. Where one removed what the other wrote into, what was written stays; the
 * same change on both sides is made once.
 */
export function mergeTexts(base: string, one: string, other: string): string {
  const oneHunks = diffText(base, one)
  const same = new Set(oneHunks.map(keyOf))
  const hunks = [...oneHunks, ...diffText(base, other).filter((hunk) => !same.has(keyOf(hunk)))]
  let merged = ''
  let place = 0
  for (const hunk of hunks.sort((a, b) => a.start - b.start)) {
    merged += base.slice(place, Math.max(place, hunk.start)) + hunk.inserted
    place = Math.max(place, hunk.start + hunk.removed)
  }
  return merged + base.slice(place)
}

function keyOf({ start, removed, inserted }: Hunk): string {
  return `${start} ${removed} ${inserted}`
}

function trim({ start, removed, inserted }: Hunk, text: string): Hunk {
  const old = text.slice(start, start + removed)
  const head = commonStart(old, inserted)
  const tail = commonEnd(old, inserted, head)
  return {
    start: start + head,
    removed: removed - head - tail,
    inserted: inserted.slice(head, inserted.length - tail),
  }
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let length = 0
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++
  return splitsPair(a, length) || splitsPair(b, length) ? length - 1 : length
}

function commonEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start
  let length = 0
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++
  return splitsPair(a, a.length - length) || splitsPair(b, b.length - length) ? length - 1 : length
}

/** Whether the place lies between the halves of a surrogate pair. */
function splitsPair(text: string, place: number): boolean {
  const before = text.charCodeAt(place - 1)
  const after = text.charCodeAt(place)
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff
}

function hunksOf(oldText: string, newText: string, offset: number): Hunk[] {
  const whole = [{ start: offset, removed: oldText.length, inserted: newText }]
  if (oldText === '' || newText === '') return whole
  const old = oldText.match(TOKENS) ?? []
  const fresh = newText.match(TOKENS) ?? []
  const trace = searchScript(old, fresh)
  return trace ? readTrace(trace, old, fresh, offset) : whole
}

/** The furthest reach on each diagonal, one copy for each number of edits; undefined when there are too many. */
function searchScript(old: string[], fresh: string[]): Int32Array[] | undefined {
  const most = Math.min(old.length + fresh.length, MOST_EDITS)
  const trace: Int32Array[] = []
  const reach = new Int32Array(2 * most + 3)
  const middle = most + 1
  for (let edits = 0; edits <= most; edits++) {
    trace.push(reach.slice(middle - edits - 1, middle + edits + 2))
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && at(reach, middle + k - 1) < at(reach, middle + k + 1))
      let x = down ? at(reach, middle + k + 1) : at(reach, middle + k - 1) + 1
      while (x < old.length && x - k < fresh.length && old[x] === fresh[x - k]) x++
      reach[middle + k] = x
      if (x >= old.length && x - k >= fresh.length) return trace
    }
  }
  return undefined
}

/** Walks the search back from its end and joins neighbouring edits. */
function readTrace(trace: Int32Array[], old: string[], fresh: string[], offset: number): Hunk[] {
  const removed = new Uint8Array(old.length)
  const inserted = new Uint8Array(fresh.length)
  let x = old.length
  let y = fresh.length
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const reach = trace[edits] as Int32Array
    const middle = edits + 1
    const k = x - y
    const down = k === -edits || (k !== edits && at(reach, middle + k - 1) < at(reach, middle + k + 1))
    const previousK = down ? k + 1 : k - 1
    const previousX = at(reach, middle + previousK)
    const previousY = previousX - previousK
    if (down) inserted[previousY] = 1
    else removed[previousX] = 1
    x = previousX
    y = previousY
  }
  return joinEdits(removed, inserted, old, fresh, offset)
}

function joinEdits(removed: Uint8Array, inserted: Uint8Array, old: string[], fresh: string[], offset: number): Hunk[] {
  const hunks: Hunk[] = []
  let place = offset
  let x = 0
  let y = 0
  while (x < old.length || y < fresh.length) {
    if (x < old.length && y < fresh.length && !removed[x] && !inserted[y]) {
      place += (old[x] as string).length
      x++
      y++
      continue
    }
    const hunk: Hunk = { start: place, removed: 0, inserted: '' }
    while (x < old.length && removed[x]) hunk.removed += (old[x++] as string).length
    while (y < fresh.length && inserted[y]) hunk.inserted += fresh[y++]
    place += hunk.removed
    hunks.push(hunk)
  }
  return hunks
}

function at(numbers: Int32Array, index: number): number {
  return numbers[index] as number
}
