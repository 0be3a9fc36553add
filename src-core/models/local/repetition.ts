/**
 * Loops that a decoder falls into when it has lost the sound: the same few tokens again and again. People repeat themselves too
 * ("no, no, no"), so a short pattern must come more often than a long one before it counts.
 */
const LONGEST_PATTERN = 32

/** How often in a row a pattern of `length` tokens must stand before it is a loop. */
function repeatsOfLoop(length: number): number {
  if (length <= 2) return 8
  return length <= 8 ? 4 : 3
}

/**
 * Looks for a loop at the end of what was decoded so far.
 * @returns how many tokens to keep, ending with the pattern's first appearance; undefined when there is no loop
 */
export function tokensBeforeLoop(tokens: readonly number[]): number | undefined {
  for (let length = 1; length <= LONGEST_PATTERN; length++) {
    const repeats = repeatsOfLoop(length)
    if (length * repeats > tokens.length) return undefined
    const start = tokens.length - length * repeats
    if (isPeriodic(tokens, start, length)) return keepFirst(tokens, start, length)
  }
  return undefined
}

function isPeriodic(tokens: readonly number[], start: number, length: number): boolean {
  for (let index = start + length; index < tokens.length; index++) {
    if (tokens[index] !== tokens[index - length]) return false
  }
  return true
}

/** The loop may have begun before the stretch that proved it. */
function keepFirst(tokens: readonly number[], start: number, length: number): number {
  let first = start
  while (first > 0 && tokens[first - 1] === tokens[first - 1 + length]) first--
  return first + length
}
