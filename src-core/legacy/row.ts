/** A row of v1's table `captures`, as it was read (docs/import-v1.md §2). */
export interface V1Row {
  /** Any whole number of 64 bits, in decimal. */
  id: string
  sessionId: string
  /** As text, whatever its type was; null where it is missing. */
  timestamp: string | null
  /** True where SQLite holds a number. */
  timestampIsNumber: boolean
  userText: string
  agentText: string
  /** Of the bytes of `agentText`, where it is short enough for a failure reply. */
  agentSha256: string | null
  metadata: string | null
  /** SHA-256 of the six columns (docs/import-v1.md §3), 64 hexadecimal digits. */
  checksum: string
  /** Some text had bytes that are no UTF-8, or NUL. */
  malformed: boolean
}

/** The id of the row's capture: depends on the row alone, and sorts as the v1 ids do. */
export function captureIdOf({ id, checksum }: Pick<V1Row, 'id' | 'checksum'>): string {
  const biased = BigInt.asUintN(64, BigInt(id) + 2n ** 63n)
  return `v1-${biased.toString(16).padStart(16, '0')}-${checksum.slice(0, 32)}`
}

/** What the id of a capture says of its row; undefined for captures of another kind. */
export function rowOfCaptureId(captureId: string): { id: string; checksumStart: string } | undefined {
  const parts = /^v1-([0-9a-f]{16})-([0-9a-f]{32})$/.exec(captureId)
  if (!parts) return undefined
  return { id: (BigInt(`0x${parts[1]}`) - 2n ** 63n).toString(), checksumStart: parts[2] as string }
}
