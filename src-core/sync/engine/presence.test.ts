import { beforeEach, expect, it } from 'vitest'
import { deviceId, TestMembers } from '../../../test/sync-world.ts'
import { ManualClock, seededRandom } from '../../kernel/index.ts'
import type { DeviceFrame } from '../frames.ts'
import { Presence } from './presence.ts'

const NOTE = 'note:a'
const [ONE, TWO] = [deviceId(1), deviceId(2)]

type Whisper = Extract<DeviceFrame, { type: 'whisper' }>

let members: TestMembers
let clock: ManualClock
/** What each said and nobody has heard yet. */
let said: { from: string; frame: Whisper }[]
let opened: string[]
let one: Presence
let two: Presence

beforeEach(() => {
  members = new TestMembers()
  clock = new ManualClock()
  said = []
  opened = []
  const presenceOf = (device: string) =>
    new Presence({
      ...{ roster: members.rosterOf(device), clock, random: seededRandom(1) },
      send: (frame) => void said.push({ from: device, frame: frame as Whisper }),
      onOpened: (name) => void opened.push(`${device} ${name}`),
    })
  for (const device of [ONE, TWO]) members.add(device)
  ;[one, two] = [presenceOf(ONE), presenceOf(TWO)]
})

/** Each hears what the other said, as the relay passes it on. */
function pass(): void {
  for (let word = said.shift(); word; word = said.shift()) hear(word.from === ONE ? two : one, word.from, word.frame)
}

function hear(presence: Presence, device: string, { room, sealed }: Whisper): void {
  presence.heard({ type: 'whisper', room, device, sealed })
}

it('tells both devices of each other, whoever opened the note first, and for half a minute after the last look', () => {
  one.look([NOTE])
  pass()
  expect(one.others(NOTE)).toEqual([])
  two.look([NOTE])
  pass()
  expect([one.others(NOTE), two.others(NOTE)]).toEqual([[TWO], [ONE]])
  // The second knew of the first before it opened the note itself.
  expect(opened).toEqual([`${ONE} ${NOTE}`])
  expect(one.others('note:b')).toEqual([])
  // It is said again only after a while.
  one.look([NOTE])
  expect(said).toEqual([])
  clock.advance(20_000)
  one.look([NOTE])
  pass()
  clock.advance(20_000)
  expect([one.others(NOTE), two.others(NOTE)]).toEqual([[], [ONE]])
  expect([one.open(), two.open()]).toEqual([[NOTE], []])
})

it('takes no word of who is no member, of a room it was not said in, and none twice', () => {
  one.look([NOTE])
  const [word] = said.splice(0)
  const frame = word?.frame as Whisper
  hear(two, TWO, frame)
  hear(two, deviceId(3), frame)
  hear(two, ONE, { ...frame, room: 'a'.repeat(32) })
  hear(two, ONE, { ...frame, sealed: frame.sealed.map((byte, at) => (at === 60 ? byte ^ 1 : byte)) })
  hear(two, ONE, { ...frame, sealed: frame.sealed.subarray(0, 20) })
  expect(two.others(NOTE)).toEqual([])
  hear(two, ONE, frame)
  expect(two.others(NOTE)).toEqual([ONE])
  clock.advance(60_000)
  hear(two, ONE, frame)
  expect(two.others(NOTE)).toEqual([])
})

it('takes no word of a device that was revoked', () => {
  one.look([NOTE])
  const [word] = said.splice(0)
  const device = members.devices.get(ONE)
  if (device) members.devices.set(ONE, { ...device, lastSequence: 9 })
  hear(two, ONE, word?.frame as Whisper)
  expect(two.others(NOTE)).toEqual([])
})
