import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, it } from 'vitest'
import { deviceId, secretOf, TestMembers } from '../../../test/sync-world.ts'
import { seededRandom } from '../../kernel/index.ts'
import { DEVICES_DOCUMENT } from '../roster.ts'
import { type FrameKind, sealFrame } from '../sealed-frame.ts'
import { judge, type ReceivedFrame } from './judge.ts'

const [ONE, TWO, STRANGER] = [deviceId(1), deviceId(2), deviceId(3)]
const members = new TestMembers()
members.add(ONE)
members.add(TWO)
const roster = members.rosterOf(ONE)
const random = seededRandom(7)

function frameOf(device: string, name: string, sequence: number, kind: FrameKind = 'update'): ReceivedFrame {
  const room = roster.keys().room(name)
  const secret = secretOf(device)
  const sealed = sealFrame(
    { kind, name, payload: random.bytes(40) },
    { room, device, sequence },
    { keys: roster.keys(), sign: (message) => ed25519.sign(message, secret), random },
  )
  return { type: 'frame', room, position: sequence, device, sequence, covers: kind === 'snapshot' ? 1 : 0, sealed }
}

const frames = [
  ...['note:a', 'note:b', 'settings'].flatMap((name, at) =>
    [1, 2].map((sequence) => frameOf(TWO, name, at * 2 + sequence)),
  ),
  frameOf(TWO, 'note:a', 7, 'snapshot'),
  frameOf(ONE, 'note:a', 1),
]

/** What a relay, a network or a thief could make of frames. */
function mutated(seed: number): ReceivedFrame {
  const chance = seededRandom(seed)
  const pick = <T>(all: readonly T[]): T => all[Math.floor(chance.fraction() * all.length)] as T
  const frame = pick(frames)
  const other = pick(frames.filter((one) => one !== frame))
  const { sealed } = frame
  switch (seed % 8) {
    case 0: {
      const bytes = sealed.slice()
      const at = Math.floor(chance.fraction() * bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(chance.fraction() * 8))
      return { ...frame, sealed: bytes }
    }
    case 1:
      return { ...frame, sealed: sealed.slice(0, Math.floor(chance.fraction() * sealed.length)) }
    case 2:
      return {
        ...frame,
        room: pick(['note:a', 'note:b', 'settings'].map(roster.keys().room).filter((room) => room !== frame.room)),
      }
    case 3:
      return { ...frame, device: frame.device === ONE ? TWO : ONE }
    case 4:
      return { ...frame, sequence: frame.sequence + 1 + Math.floor(chance.fraction() * 1_000) }
    case 5:
      return { ...frame, covers: frame.covers > 0 ? 0 : 1 + Math.floor(chance.fraction() * 100) }
    case 6: {
      const at = 30 + Math.floor(chance.fraction() * (Math.min(sealed.length, other.sealed.length) - 30))
      return { ...frame, sealed: Uint8Array.from([...sealed.slice(0, at), ...other.sealed.slice(at)]) }
    }
    default:
      return { ...frame, sealed: Uint8Array.from([...sealed.slice(0, 6), ...chance.bytes(sealed.length - 6)]) }
  }
}

describe('a frame', () => {
  it('is taken as its device has sealed and signed it', () => {
    for (const frame of frames) expect(judge(frame, roster)).toMatchObject({ kind: 'taken' })
  })

  it('is not taken when anything of it was changed: 10,000 ways', () => {
    const taken: number[] = []
    for (let seed = 0; seed < 10_000; seed += 1) if (judge(mutated(seed), roster).kind === 'taken') taken.push(seed)
    expect(taken).toEqual([])
  })

  it('of a device that nobody knows waits, also where it brings itself in another room', () => {
    expect(judge(frameOf(STRANGER, 'note:a', 1), roster)).toEqual({ kind: 'early', lacks: 'device' })
    const introducing = { ...roster, introduced: () => ed25519.getPublicKey(secretOf(STRANGER)) }
    expect(judge(frameOf(STRANGER, 'note:a', 1), introducing)).toEqual({ kind: 'early', lacks: 'device' })
    expect(judge(frameOf(STRANGER, DEVICES_DOCUMENT, 1), introducing)).toMatchObject({ kind: 'taken' })
  })

  it('of a device that brings itself with the key of another one is refused', () => {
    const introducing = { ...roster, introduced: () => ed25519.getPublicKey(secretOf(TWO)) }
    expect(judge(frameOf(STRANGER, DEVICES_DOCUMENT, 1), introducing)).toEqual({ kind: 'refused', reason: 'signature' })
  })

  it('in an epoch whose key is not there waits for it', () => {
    members.epochs.set(2, new Uint8Array(32).fill(2))
    const late = frameOf(TWO, 'note:a', 9)
    members.epochs.delete(2)
    expect(judge(late, roster)).toEqual({ kind: 'early', lacks: 'key' })
  })

  it('that holds a whisper has no place in a room', () => {
    expect(judge(frameOf(TWO, 'note:a', 9, 'whisper'), roster)).toEqual({ kind: 'refused', reason: 'content' })
  })
})
