import { createSealedBlobs, type SealedBlobs } from '../../cloud/relay/sealed-blobs.ts'
import { type Clock, LvaError } from '../../src-core/kernel/index.ts'
import type { Database } from '../../src-core/store/index.ts'
import type { AttachmentsParts } from '../../src-core/sync/index.ts'
import type { Network } from './network.ts'
import type { Incarnation, Simulation } from './simulation.ts'

type Http = AttachmentsParts['member']['http']
type Answer = Awaited<ReturnType<Http['send']>>

const SLOWEST_MS = 40
/** A device hears nothing for so long, and takes the relay for unreachable. */
const SILENCE_MS = 4_000
const PATH = /^\/v1\/blobs\/([0-9a-f]{32})(?:\?offset=(\d+))?$/

/** The files of a relay; they outlive its crashes. */
export class ChaosFiles {
  readonly #files = new Map<string, Uint8Array>()

  /** The relay's own code over them. */
  open(account: { database: Database; clock: Clock; quotaBytes: number }, simulation: Simulation): SealedBlobs {
    const place = {
      write: async (name: string, pieces: AsyncIterable<Uint8Array>) => {
        for await (const piece of pieces) this.#files.set(name, piece.slice())
      },
      read: async (name: string, start: number, end: number) => {
        const file = this.#files.get(name)
        if (!file) throw new LvaError('not-found', 'There is no such file.')
        return file.slice(start, end)
      },
      delete: async (name: string) => {
        this.#files.delete(name)
      },
    }
    let made = 0
    const newId = () => {
      made += 1
      return `${simulation.below(1_000_000)}-${made}`
    }
    return createSealedBlobs({ ...account, place: place as never, newId, blobBytes: account.quotaBytes })
  }
}

/** HTTP from a device to the relay, as bad as its sockets: slow, cut before the relay has heard, and cut before its answer is back. */
export function chaosHttp(
  account: string,
  device: string,
  { simulation, network, incarnation }: { simulation: Simulation; network: Network; incarnation: Incarnation },
): Http {
  return {
    send: (path, { method = 'GET', body, headers = {}, signal } = {}) =>
      new Promise((resolve, reject) => {
        const later = (ms: number, then: () => void) =>
          simulation.after(ms, () => {
            if (!incarnation.isDead) then()
          })
        const cut = () => reject(new LvaError('relay-unreachable', 'The line was cut.'))
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
        later(SILENCE_MS, cut)
        later(simulation.below(SLOWEST_MS), () => {
          const blobs = network.relay?.blobs
          if (!blobs || !network.reaches(device) || simulation.chance(simulation.faults.drop)) return cut()
          answered(blobs, account, { path, method, body, range: headers.range, length: headers['upload-length'] }).then(
            (answer) =>
              later(
                simulation.below(SLOWEST_MS),
                simulation.chance(simulation.faults.drop) ? cut : () => resolve(answer),
              ),
            (error: unknown) => later(0, () => reject(error)),
          )
        })
      }),
  }
}

interface Asked {
  path: string
  method: string
  body: unknown
  range: string | undefined
  length: string | undefined
}

async function answered(
  blobs: SealedBlobs,
  account: string,
  { path, method, body, range, length }: Asked,
): Promise<Answer> {
  const [, name = '', offset = '0'] = PATH.exec(path) ?? []
  const answer = (status: number, bytes: Uint8Array = new Uint8Array(), headers: Record<string, string> = {}) => ({
    status,
    bytes,
    headers: new Headers(headers),
  })
  if (method === 'PUT') {
    const { offset: now, conflict } = await blobs.put(account, name, Number(offset), Number(length), body as Uint8Array)
    return answer(conflict ? 409 : 200, new TextEncoder().encode(JSON.stringify({ offset: now })))
  }
  if (method === 'DELETE') {
    await blobs.delete(account, name)
    return answer(204)
  }
  const state = await blobs.state(account, name)
  if (method === 'HEAD') {
    if (!state) return answer(404)
    return answer(200, undefined, { 'upload-offset': String(state.offset), 'upload-length': String(state.length) })
  }
  if (!state || state.offset < state.length) throw new LvaError('not-found', 'This blob is not here, or not whole.')
  const [, start = '0', end = '0'] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
  const pieces: Uint8Array[] = []
  for await (const piece of blobs.read(account, name, Number(start), Number(end) + 1)) pieces.push(piece)
  return answer(206, new Uint8Array(Buffer.concat(pieces)))
}
