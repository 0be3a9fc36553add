/** Rows that are computed together: their places in the caller's list. */
export type Batch = number[]

/**
 * Groups rows of similar length, so that little of a batch is padding.
 * @param lengths tokens of each row
 * @param limits most rows in a batch, and most tokens with padding; a row longer than that has a batch of its own
 * @returns batches of indexes into `lengths`, shortest rows first; every index is in exactly one
 */
export function batchByLength(lengths: readonly number[], limits: { rows: number; tokens: number }): Batch[] {
  const order = lengths.map((_, index) => index).sort((a, b) => at(lengths, a) - at(lengths, b))
  const batches: Batch[] = []
  let batch: Batch = []
  for (const index of order) {
    const padded = at(lengths, index) * (batch.length + 1)
    if (batch.length > 0 && (batch.length === limits.rows || padded > limits.tokens)) {
      batches.push(batch)
      batch = []
    }
    batch.push(index)
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}

const at = (lengths: readonly number[], index: number): number => lengths[index] as number
