import * as Y from 'yjs'
import { joined } from '../bytes.ts'

/**
 * Cuts an update (Yjs update format 1) into several of at most about so many bytes, for messages of bounded length. Applied one after the
 * other, in this order or another, they bring what the whole brings; a single insertion that is longer stays whole.
 */
export function pieces(update: Uint8Array, mostBytes: number): Uint8Array[] {
  if (update.length <= mostBytes) return [update]
  const { structs, ds } = Y.decodeUpdate(update)
  const cut: Uint8Array[] = []
  let runs: Run[] = []
  let bytes = 0
  for (const struct of structs) {
    if (struct instanceof Y.Skip) continue
    const encoder = new Y.UpdateEncoderV1()
    struct.write(encoder, 0)
    const written = encoder.toUint8Array()
    if (bytes > 0 && bytes + written.length > mostBytes) {
      cut.push(encoded(runs, NO_DELETIONS))
      runs = []
      bytes = 0
    }
    bytes += written.length
    const last = runs.at(-1)
    const { client, clock } = struct.id
    if (last?.client === client && last.next === clock) {
      last.structs.push(written)
      last.next += struct.length
    } else runs.push({ client, clock, next: clock + struct.length, structs: [written] })
  }
  cut.push(encoded(runs, deletions(ds)))
  return cut
}

/** Structs of one client without a gap. */
interface Run {
  client: number
  clock: number
  next: number
  structs: Uint8Array[]
}

const NO_DELETIONS = Uint8Array.of(0)

function encoded(runs: readonly Run[], deleted: Uint8Array): Uint8Array {
  const parts = runs.flatMap(({ client, clock, structs }) => [
    ...[structs.length, client, clock].map(varUint),
    ...structs,
  ])
  return joined(varUint(runs.length), ...parts, deleted)
}

function deletions({ clients }: ReturnType<typeof Y.decodeUpdate>['ds']): Uint8Array {
  const parts = Array.from(clients).flatMap(([client, ranges]) => [
    varUint(client),
    varUint(ranges.length),
    ...ranges.flatMap(({ clock, len }) => [varUint(clock), varUint(len)]),
  ])
  return joined(varUint(clients.size), ...parts)
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
export function varUint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Uint8Array.from(bytes)
}
