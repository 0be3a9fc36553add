import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newAccount, PASSWORD, type TestRelay, testRelay } from '../../../test/relay-devices.ts'
import {
  exchangeDevices,
  memberOf,
  pairingLine,
  sendDevices,
  syncDevice,
  type TestSyncDevice,
} from '../../../test/sync-device-world.ts'
import { openTestStore } from '../../../test/vault-world.ts'
import { ManualClock } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import { wrapKey } from '../wrapped-key.ts'
import { rosterWriter } from './roster-document.ts'
import { epochKeyId } from './statements.ts'
import type { AdmitEvent, JoinEvent } from './types.ts'

let store: Store
let relay: TestRelay
const relayClock = new ManualClock()
const opened: TestSyncDevice[] = []

beforeAll(async () => {
  store = await openTestStore()
  relay = await testRelay({}, { clock: relayClock })
})
afterAll(async () => {
  await relay.stop()
  await store.close()
})
// One address does all of it; its tries of a quarter of an hour are over for the next test.
beforeEach(() => relayClock.advance(20 * 60_000))
afterEach(async () => {
  for (const device of opened.splice(0)) await device.close()
})

async function device(name: string, line = pairingLine()): Promise<TestSyncDevice> {
  const made = await syncDevice(name, store, relay, { fetch: line.fetch, clock: line.clock() })
  opened.push(made)
  return made
}

/** Makes the phrase and types the three words. */
async function begin({ devices }: TestSyncDevice): Promise<string> {
  const { words, positions } = devices.phrase.begin()
  await devices.phrase.confirm(positions.map((position) => words[position - 1] ?? ''))
  return words.join(' ')
}

/** One account, its first device a member. */
async function first(line = pairingLine()): Promise<{ laptop: TestSyncDevice; email: string; phrase: string }> {
  const email = await newAccount(relay)
  const laptop = await device('Laptop', line)
  await laptop.signIn(email)
  return { laptop, email, phrase: await begin(laptop) }
}

/** The texts that a record holds, at whatever depth. */
function valuesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesIn) : []
}

/** Joins `joining` through `host`; the learner answers with what they see on both. */
async function pair(
  host: TestSyncDevice,
  joining: TestSyncDevice,
  answer: (there: string, here: string) => boolean = (there, here) => there === here,
  shown: (event: Extract<JoinEvent, { state: 'code' }>) => string = ({ code }) => code,
): Promise<{ numbers: string[]; admitted: AdmitEvent[] }> {
  const seen = Promise.withResolvers<string>()
  const admitted: AdmitEvent[] = []
  let admitting = Promise.resolve()
  const admit = async (code: string) => {
    for await (const event of host.devices.admit(code)) {
      admitted.push(event)
      if (event.state === 'compare') {
        const there = await seen.promise
        numbers.push(event.number, there)
        host.devices.answer(event.id, answer(there, event.number))
      }
    }
  }
  const numbers: string[] = []
  for await (const event of joining.devices.joinByCode()) {
    if (event.state === 'code') admitting = admit(shown(event))
    if (event.state === 'compare') seen.resolve(event.number)
  }
  await admitting
  return { numbers, admitted }
}

describe('an account', () => {
  it('is made, signed in to, and says nothing to somebody with another password', async () => {
    const laptop = await device('Laptop')
    const account = { relay: relay.address, email: 'maria@example.org', password: PASSWORD }
    expect(await laptop.devices.status()).toMatchObject({ standing: 'out', name: 'Laptop', relay: null })
    await laptop.devices.createAccount(account)
    await expect(laptop.devices.signIn({ ...account, password: 'ten wrong words' })).rejects.toMatchObject({
      code: 'sign-in-refused',
    })
    await laptop.devices.signIn(account)
    expect(await laptop.devices.status()).toMatchObject({ standing: 'signed-in', email: 'maria@example.org' })
  })

  it('is not asked for over plain http beyond the own network, nor where no relay answers', async () => {
    const { devices } = await device('Laptop')
    const to = (address: string) => devices.signIn({ relay: address, email: 'a@b.c', password: PASSWORD })
    await expect(to('http://relay.example.org')).rejects.toMatchObject({ code: 'relay-address-invalid' })
    await expect(to('relay.example.org/path')).rejects.toMatchObject({ code: 'relay-address-invalid' })
    await expect(to('http://127.0.0.1:9')).rejects.toMatchObject({ code: 'relay-unreachable' })
  })

  it('is kept over a restart, with tokens that go on being exchanged', async () => {
    const { laptop } = await first()
    await laptop.reopen()
    const { session } = memberOf(laptop)
    const token = await session.accessToken()
    expect(await session.accessToken()).toBe(token)
    relayClock.advance(1_000)
    expect(await session.accessToken(token)).not.toBe(token)
    expect(await laptop.devices.list()).toHaveLength(1)
  })

  it('can be signed out of and in to again, and the device stays a member', async () => {
    const { laptop, email } = await first()
    const before = memberOf(laptop).roster.device
    await laptop.devices.signOut()
    expect(await laptop.devices.status()).toMatchObject({ standing: 'signed-out' })
    await expect(memberOf(laptop).session.accessToken()).rejects.toMatchObject({ code: 'signed-out' })
    await laptop.signIn(email)
    expect(await laptop.devices.status()).toMatchObject({ standing: 'member', device: before })
  })

  it('can be signed in to anew by a member, and whoever used the session before goes on', async () => {
    const { laptop, email } = await first()
    const { session } = memberOf(laptop)
    await laptop.signIn(email)
    for (const one of [session, memberOf(laptop).session, session]) {
      relayClock.advance(10 * 60_000)
      expect(await one.accessToken(await one.accessToken())).toBeDefined()
    }
    expect(await laptop.devices.status()).toMatchObject({ standing: 'member' })
  })

  it('leaves nothing readable where the machine keeps no secrets', async () => {
    const { laptop, phrase } = await first()
    expect(laptop.kept.value).not.toContain(PASSWORD)
    // The keys of the record and the settings of what to fetch are words that a phrase may have too.
    const { policies: _, unmeteredOnly: __, ...secrets } = JSON.parse(laptop.kept.value ?? '')
    const values = valuesIn(secrets)
    expect(values).toContain('Laptop')
    const words = phrase.split(' ')
    for (const word of words) expect(values).not.toContain(word)
    const pairs = words.slice(1).map((word, index) => new RegExp(`\\b${words[index]}[^a-z]+${word}\\b`))
    for (const pair of pairs) expect(JSON.stringify(secrets)).not.toMatch(pair)
    await laptop.devices.leave()
    expect(laptop.kept.value).toBeUndefined()
    expect(await laptop.devices.status()).toMatchObject({ standing: 'out' })
  })
})

describe('the first device', () => {
  it('begins the vault once three words of the phrase came back, and gives the phrase to backups', async () => {
    const email = await newAccount(relay)
    const laptop = await device('Laptop')
    await laptop.signIn(email)
    laptop.devices.phrase.begin()
    await expect(laptop.devices.phrase.confirm(['a', 'b', 'c'])).rejects.toMatchObject({ code: 'phrase-not-confirmed' })
    expect(laptop.devices.membership()).toBeUndefined()
    const phrase = await begin(laptop)
    expect(laptop.phrases).toEqual([phrase])
    expect(await laptop.devices.status()).toMatchObject({ standing: 'member' })
    expect(await laptop.devices.list()).toMatchObject([
      { name: 'Laptop', isThis: true, state: 'active', kind: 'linux' },
    ])
  })

  it('begins anew at another account, whatever was revoked at the one before', async () => {
    const { laptop, email, phrase } = await first()
    const tablet = await device('Tablet')
    await tablet.signIn(email)
    await sendDevices(laptop, relay)
    await tablet.devices.joinByPhrase(phrase)
    await exchangeDevices(laptop, tablet)
    await laptop.devices.revoke(memberOf(tablet).roster.device)
    expect(memberOf(laptop).roster.epochInForce()).toBe(2)
    await laptop.devices.leave()
    await laptop.signIn(await newAccount(relay))
    await laptop.devices.begin(phrase)
    expect(memberOf(laptop).roster.epochInForce()).toBe(1)
    expect(await laptop.devices.list()).toMatchObject([{ name: 'Laptop', isThis: true, state: 'active' }])
  })

  it('is refused where the account holds a vault', async () => {
    const { laptop, email } = await first()
    await sendDevices(laptop, relay)
    const tablet = await device('Tablet')
    await tablet.signIn(email)
    await expect(begin(tablet)).rejects.toMatchObject({ code: 'vault-exists' })
  })
})

describe('joining by the phrase', () => {
  it('needs nothing but the words, and every key comes with them', async () => {
    const { laptop, email, phrase } = await first()
    await sendDevices(laptop, relay)
    const tablet = await device('Tablet')
    await tablet.signIn(email)
    await tablet.devices.joinByPhrase(phrase)
    expect(await tablet.devices.list()).toMatchObject([{ name: 'Tablet', isThis: true }, { name: 'Laptop' }])
    await exchangeDevices(laptop, tablet)
    expect(await laptop.devices.list()).toMatchObject([{ name: 'Laptop', isThis: true }, { name: 'Tablet' }])
    expect(memberOf(tablet).roster.epochKeys()).toEqual(memberOf(laptop).roster.epochKeys())
  })

  it('brings the keys of later epochs', async () => {
    const { laptop, email, phrase } = await first()
    const gone = await device('Old phone')
    await gone.signIn(email)
    await pairByPhrase(laptop, gone, phrase)
    await laptop.devices.revoke(memberOf(gone).roster.device)
    await sendDevices(laptop, relay, 2)
    const tablet = await device('Tablet')
    await tablet.signIn(email)
    await tablet.devices.joinByPhrase(phrase)
    expect(memberOf(tablet).roster.keys().epoch).toBe(2)
    expect(memberOf(tablet).roster.epochKeys()).toEqual(memberOf(laptop).roster.epochKeys())
  })

  it('is refused with the words of another vault, and where there is none', async () => {
    const { laptop, email, phrase } = await first()
    const other = await first()
    const tablet = await device('Tablet')
    await tablet.signIn(email)
    await expect(tablet.devices.joinByPhrase(phrase)).rejects.toMatchObject({ code: 'vault-not-there' })
    await sendDevices(laptop, relay)
    await expect(tablet.devices.joinByPhrase(other.phrase)).rejects.toMatchObject({ code: 'vault-phrase-wrong' })
    await expect(tablet.devices.joinByPhrase('too few words')).rejects.toMatchObject({ code: 'phrase-invalid' })
    expect(tablet.devices.membership()).toBeUndefined()
  })

  async function pairByPhrase(host: TestSyncDevice, joining: TestSyncDevice, phrase: string): Promise<void> {
    await sendDevices(host, relay)
    await joining.devices.joinByPhrase(phrase)
    await exchangeDevices(host, joining)
  }
})

describe('joining by a code', () => {
  it('shows one number on both, and gives every key once the learner says that they are equal', async () => {
    const line = pairingLine()
    const { laptop, email } = await first(line)
    const tablet = await device('Tablet', line)
    await tablet.signIn(email)
    const { numbers, admitted } = await pair(laptop, tablet)
    expect(numbers[0]).toBe(numbers[1])
    expect(numbers[0]).toMatch(/^\d{6}$/)
    expect(admitted).toMatchObject([{ state: 'compare', name: 'Tablet', kind: 'linux' }, { state: 'added' }])
    expect(memberOf(tablet).roster.epochKeys()).toEqual(memberOf(laptop).roster.epochKeys())
    expect(await laptop.devices.list()).toMatchObject([{ name: 'Laptop' }, { name: 'Tablet', state: 'active' }])
    // The new one brings its entry itself, and is judged by it.
    const update = await tablet.vault.documents.updateSince('devices')
    expect(memberOf(laptop).roster.introduced(memberOf(tablet).roster.device, update)).toBeDefined()
  })

  it('works with what the QR code says, and then refuses another key in its place', async () => {
    const line = pairingLine()
    const { laptop, email } = await first(line)
    const tablet = await device('Tablet', line)
    await tablet.signIn(email)
    const changed = new AbortController()
    for await (const event of tablet.devices.joinByCode(changed.signal)) {
      if (event.state !== 'code') continue
      const other = event.qr.slice(0, -2) + (event.qr.endsWith('00') ? '11' : '00')
      await expect(laptop.devices.admit(other).next()).rejects.toMatchObject({ code: 'pairing-mismatch' })
      break
    }
    await pair(laptop, tablet, undefined, ({ qr }) => qr)
    expect(await tablet.devices.status()).toMatchObject({ standing: 'member' })
  })

  it('gives nothing where the learner says no', async () => {
    const line = pairingLine()
    const { laptop, email } = await first(line)
    const tablet = await device('Tablet', line)
    await tablet.signIn(email)
    await expect(pair(laptop, tablet, () => false)).rejects.toMatchObject({ code: 'pairing-refused' })
    expect(tablet.devices.membership()).toBeUndefined()
    expect(await laptop.devices.list()).toMatchObject([{ name: 'Laptop' }, { state: 'signed-in', name: null }])
  })

  it('says so where nobody shows the code', async () => {
    const { laptop } = await first()
    for (const code of ['', 'ABCD', '0000-0000-0000-0', 'LVA1:00']) {
      await expect(laptop.devices.admit(code).next()).rejects.toMatchObject({ code: 'pairing-unknown' })
    }
  })
})

describe('devices', () => {
  it('of one host name are told apart by a number, the same on each, until they are named', async () => {
    const { laptop, email, phrase } = await first()
    const later = async (ms: number) => {
      const clock = new ManualClock()
      clock.advance(ms)
      const made = await syncDevice('Laptop', store, relay, { clock })
      opened.push(made)
      return made
    }
    const [second, third] = [await later(1_000), await later(2_000)]
    for (const one of [second, third]) {
      await one.signIn(email)
      await sendDevices(laptop, relay)
      await one.devices.joinByPhrase(phrase)
      await exchangeDevices(laptop, one)
    }
    await exchangeDevices(laptop, second)
    const named = async (one: TestSyncDevice) =>
      new Map((await one.devices.list()).map(({ id, name }) => [memberIds.indexOf(id), name]))
    const memberIds = [laptop, second, third].map((one) => memberOf(one).roster.device)
    for (const one of [laptop, second, third])
      expect([...(await named(one))].sort()).toEqual([
        [0, 'Laptop'],
        [1, 'Laptop (2)'],
        [2, 'Laptop (3)'],
      ])
    expect(await second.devices.status()).toMatchObject({ name: 'Laptop (2)' })
    await second.devices.rename(memberIds[1] ?? '', 'Kitchen')
    await exchangeDevices(laptop, second)
    expect((await named(laptop)).get(1)).toBe('Kitchen')
    expect((await named(laptop)).get(2)).toBe('Laptop (2)')
  })

  it('are renamed, and the others read it', async () => {
    const { laptop, email, phrase } = await first()
    const tablet = await device('Tablet')
    await tablet.signIn(email)
    await sendDevices(laptop, relay)
    await tablet.devices.joinByPhrase(phrase)
    await tablet.devices.rename(memberOf(tablet).roster.device, '  Kitchen ')
    await exchangeDevices(laptop, tablet)
    expect(await laptop.devices.list()).toMatchObject([{ name: 'Laptop' }, { name: 'Kitchen' }])
    expect(await tablet.devices.status()).toMatchObject({ name: 'Kitchen' })
    await expect(laptop.devices.rename(memberOf(laptop).roster.device, ' ')).rejects.toMatchObject({
      code: 'text-empty',
    })
  })

  it('that are revoked find out, forget their keys, and are given none of the next epoch', async () => {
    const { laptop, email, phrase } = await first()
    const tablet = await device('Tablet')
    await tablet.signIn(email)
    await sendDevices(laptop, relay)
    await tablet.devices.joinByPhrase(phrase)
    await exchangeDevices(laptop, tablet)
    const { roster, session, http } = memberOf(tablet)
    const before = roster.device
    await laptop.devices.revoke(before)
    expect(memberOf(laptop).roster.keys().epoch).toBe(2)
    expect(memberOf(laptop).roster.epochInForce()).toBe(2)
    expect(memberOf(laptop).roster.member(before)?.lastSequence).toBe(0)
    await tablet.vault.documents.apply('devices', await laptop.vault.documents.updateSince('devices'))
    expect(roster.epochKeys().size).toBe(1)
    // Whichever way it asks: with a token that would be good for a while, or for a new one.
    const token = await session.accessToken()
    await expect(http.devices(token)).rejects.toMatchObject({ code: 'device-revoked' })
    await expect(session.accessToken(token)).rejects.toMatchObject({ code: 'device-revoked' })
    await tablet.devices.wasRevoked()
    expect(await tablet.devices.status()).toMatchObject({ standing: 'revoked' })
    expect(tablet.devices.membership()).toBeUndefined()
    expect(tablet.kept.value).not.toContain('epochKeys')
    // It may come again, as another device.
    await tablet.signIn(email)
    await sendDevices(laptop, relay, 2)
    await tablet.devices.joinByPhrase(phrase)
    expect(memberOf(tablet).roster.device).not.toBe(before)
    expect(memberOf(tablet).roster.keys().epoch).toBe(2)
  })

  it('that were added by one that had not heard of a revocation get the key of its epoch from whoever has it', async () => {
    const line = pairingLine()
    const { laptop, email, phrase } = await first(line)
    const [desk, phone] = [await device('Desk'), await device('Phone')]
    for (const joining of [desk, phone]) {
      await joining.signIn(email)
      await sendDevices(laptop, relay)
      await joining.devices.joinByPhrase(phrase)
      await exchangeDevices(laptop, joining)
    }
    await exchangeDevices(laptop, desk)
    await desk.devices.revoke(memberOf(phone).roster.device)
    // The laptop has not heard of it, and adds a tablet.
    const tablet = await device('Tablet', line)
    await tablet.signIn(email)
    await pair(laptop, tablet)
    expect([...memberOf(tablet).roster.epochKeys().keys()]).toEqual([1])
    await exchangeDevices(laptop, tablet)
    await exchangeDevices(desk, tablet)
    await desk.devices.handKeys()
    await exchangeDevices(desk, tablet)
    expect(memberOf(tablet).roster.epochKeys().get(2)).toEqual(memberOf(desk).roster.epochKeys().get(2))
    // Also where the revocation of one was cut off after the relay: it is not given the key of the next epoch.
    const { http, session } = memberOf(desk)
    const cutOff = memberOf(laptop).roster.device
    await session.authorized((token) => http.revoke(token, cutOff))
    await session.authorized((token) => http.revoke(token, memberOf(phone).roster.device))
    const key = new Uint8Array(32).fill(9)
    const { roster } = memberOf(desk)
    await desk.vault.documents.change('devices', (doc) =>
      rosterWriter(doc, { by: roster.device, sign: roster.sign }).epochKey({
        ...{ epoch: 3, keyId: epochKeyId(key), receiver: roster.device },
        wrapped: wrapKey(key, 3, roster.state().devices.get(roster.device)?.agreeKey ?? key, key),
      }),
    )
    await desk.devices.handKeys()
    const given = (id: string) => [...roster.state().keysOf(id).keys()]
    expect(given(memberOf(tablet).roster.device)).toContain(3)
    expect(given(cutOff)).not.toContain(3)
  })

  it('of which the revocation was cut off are shown so, and revoking them again finishes it', async () => {
    const { laptop, email, phrase } = await first()
    const tablet = await device('Tablet')
    await tablet.signIn(email)
    await sendDevices(laptop, relay)
    await tablet.devices.joinByPhrase(phrase)
    await exchangeDevices(laptop, tablet)
    const { device: id } = memberOf(tablet).roster
    const { http, session } = memberOf(laptop)
    await session.authorized((token) => http.revoke(token, id))
    expect(await laptop.devices.list()).toMatchObject([{}, { name: 'Tablet', state: 'half-revoked' }])
    await laptop.devices.revoke(id)
    await laptop.devices.revoke(id)
    expect(await laptop.devices.list()).toMatchObject([{}, { name: 'Tablet', state: 'revoked' }])
    expect([...memberOf(laptop).roster.epochKeys().keys()]).toEqual([1, 2])
  })

  it('that the relay has forgotten to be revoked are shown so, and revoking them again ends them there too', async () => {
    const { laptop, email, phrase } = await first()
    const tablet = await device('Tablet')
    await tablet.signIn(email)
    await sendDevices(laptop, relay)
    await tablet.devices.joinByPhrase(phrase)
    await exchangeDevices(laptop, tablet)
    const { roster } = memberOf(laptop)
    const id = memberOf(tablet).roster.device
    // As on a relay that came back from a backup: only the vault says it.
    await laptop.vault.documents.change('devices', (doc) =>
      rosterWriter(doc, { by: roster.device, sign: roster.sign }).revocation({
        ...{ device: id, epoch: 2, lastSequence: 0, vouched: [], at: 1 },
      }),
    )
    expect(await laptop.devices.list()).toMatchObject([{}, { name: 'Tablet', state: 'half-revoked' }])
    await sendDevices(tablet, relay)
    await laptop.devices.revoke(id)
    expect(await laptop.devices.list()).toMatchObject([{}, { name: 'Tablet', state: 'revoked' }])
    expect(memberOf(laptop).roster.member(id)?.lastSequence).toBe(0)
    expect(memberOf(laptop).roster.keys().epoch).toBe(2)
  })

  it('are not taken out by themselves', async () => {
    const { laptop } = await first()
    await expect(laptop.devices.revoke(memberOf(laptop).roster.device)).rejects.toMatchObject({ code: 'bad-input' })
  })
})
