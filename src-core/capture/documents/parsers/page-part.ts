/** A length or a place as part of its page, 0 to 1, in ten-thousandths. */
export function pagePart(value: number, whole: number): number {
  return Math.round(Math.min(1, Math.max(0, value / whole)) * 10_000) / 10_000
}
