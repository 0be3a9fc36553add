/** The local day of an instant, as `2026-11-26`. */
export function localDay(instant: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${String(instant.getFullYear()).padStart(4, '0')}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`
}
