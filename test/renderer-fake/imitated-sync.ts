import type {
  AdmitEvent,
  AttachmentChoices,
  AttachmentFetch,
  AttachmentStanding,
  AttachmentStatus,
  ItemPlaces,
  JoinEvent,
  ShownItems,
  SyncConflict,
  SyncDevice,
  SyncState,
  SyncStatus,
} from '../../src-core/contract/index.ts'

/** How sync stands at first: `out`, `signed-in`, `member`, `offline`, `busy`, `paused`, `conflicts`, `revoked`, `signed-out`. */
export type SyncScenario = string

const LIVE: SyncState = {
  phase: 'live',
  problem: null,
  synced: true,
  waiting: 0,
  behind: 0,
  files: { items: 0, bytes: 0 },
  sentBytes: 482_310,
  receivedBytes: 12_904_113,
  retryAt: null,
}
const STATES: Record<string, Partial<SyncState>> = {
  offline: { phase: 'offline', synced: false, waiting: 3 },
  busy: { phase: 'catching-up', synced: false, behind: 14, waiting: 2 },
  held: { phase: 'held', synced: false, waiting: 2 },
  files: { synced: false, files: { items: 3, bytes: 18_400_000 } },
  paused: { phase: 'paused', synced: false, waiting: 5 },
  quota: { problem: { code: 'over-quota', params: {} }, synced: false, waiting: 8 },
}
const STANDINGS = ['out', 'signed-in', 'signed-out', 'revoked']
const KNOWN_PASSWORD = 'four random words are good'
const WORDS = 'legal winner thank year wave sausage worth useful'.split(' ')
/** The code that some device shows. */
export const KNOWN_CODE = '7K2M-9QXR-4TVN-C'
export const KNOWN_QR = `LVA1:${'7K2M9QXR4TVNC'.padEnd(64, '0ABCDEFGHJKMNPQRSTVWXYZ')}`

/** Sync, imitated: one password is right, one code is known, and every phrase of 24 words fits. */
export function imitateSync(
  scenario: SyncScenario,
  {
    fail,
    wait,
    changed,
  }: { fail: (code: string) => never; wait: (ms: number) => Promise<unknown>; changed: () => void },
) {
  const standing = (STANDINGS.includes(scenario) ? scenario : 'member') as SyncStatus['standing']
  let status: SyncStatus = {
    standing,
    relay: standing === 'out' ? null : 'https://relay.example.org',
    email: standing === 'out' ? null : 'ada@example.org',
    device: standing === 'out' ? null : 'd1'.repeat(16),
    name: 'Ada’s laptop',
    keyStorage: 'keyring',
    phraseKnown: false,
    conflicts: scenario === 'conflicts' ? CONFLICTS.length : 0,
    state: standing === 'member' ? { ...LIVE, ...STATES[scenario] } : null,
  }
  let devices: SyncDevice[] = [
    device('d1', 'Ada’s laptop', 'linux', { isThis: true, since: '2026-09-02T08:00:00.000Z' }),
    device('d2', 'Desk at home', 'macos', {
      since: '2026-09-03T18:30:00.000Z',
      lastSeenAt: '2026-11-26T21:40:00.000Z',
    }),
    device('d3', null, 'windows', { state: 'signed-in', since: '2026-11-25T10:00:00.000Z' }),
    device('d4', 'Old laptop', 'windows', { state: 'revoked', since: '2026-03-01T10:00:00.000Z', lastSeenAt: null }),
  ]
  let conflicts = scenario === 'conflicts' ? CONFLICTS : []
  let answered = Promise.withResolvers<boolean>()
  const become = (patch: Partial<SyncStatus>) => {
    status = { ...status, ...patch }
    changed()
  }
  const join = () => become({ standing: 'member', state: { ...LIVE } })
  const checkWords = (phrase: string) => {
    if (phrase.trim().split(/\s+/).length !== 24) fail('phrase-invalid')
  }
  return {
    status: () => status,
    devices: () => ({ devices: status.standing === 'member' ? devices : [] }),
    async signIn({ relay, email, password }: { relay: string; email: string; password: string }) {
      await wait(50)
      if (password !== KNOWN_PASSWORD) fail('sign-in-refused')
      const isMember = status.standing === 'signed-out'
      become({
        ...{ relay, email, device: 'd1'.repeat(16), standing: isMember ? 'member' : 'signed-in' },
        state: isMember ? { ...LIVE } : null,
      })
    },
    signOut: () => become(status.standing === 'member' ? { standing: 'signed-out' } : OUT),
    leave: () => become(OUT),
    newPhrase: () => ({ words: [...WORDS, ...WORDS, ...WORDS], positions: [2, 9, 20] }),
    confirmPhrase(words: readonly string[]) {
      if (words.join(' ') !== [WORDS[1], WORDS[0], WORDS[3]].join(' ')) fail('phrase-not-confirmed')
      join()
    },
    async begin(phrase: string) {
      await wait(50)
      checkWords(phrase)
      join()
    },
    async *joinByCode(signal?: AbortSignal): AsyncGenerator<JoinEvent> {
      yield { state: 'code', code: KNOWN_CODE, qr: KNOWN_QR }
      await wait(scenario === 'signed-in' ? 1_500 : 0)
      if (signal?.aborted) return
      yield { state: 'compare', number: '402918' }
      await wait(1_500)
      if (signal?.aborted) return
      join()
      yield { state: 'joined' }
    },
    async *admit(code: string): AsyncGenerator<AdmitEvent> {
      await wait(50)
      if (code !== KNOWN_QR && code.toUpperCase() !== KNOWN_CODE) fail('pairing-unknown')
      answered = Promise.withResolvers()
      yield { state: 'compare', id: '1', number: '402918', name: 'Kitchen tablet', kind: 'linux' }
      if (!(await answered.promise)) return
      devices = [...devices, device('d5', 'Kitchen tablet', 'linux', { since: '2026-11-27T04:00:00.000Z' })]
      changed()
      yield { state: 'added', device: 'd5'.repeat(16) }
    },
    answer(equal: boolean) {
      answered.resolve(equal)
      return { heard: true }
    },
    rename(id: string, name: string) {
      devices = devices.map((one) => (one.id === id ? { ...one, name } : one))
      changed()
    },
    async revoke(id: string) {
      await wait(50)
      devices = devices.map((one) => (one.id === id ? { ...one, state: 'revoked' as const } : one))
      changed()
    },
    look(items: ShownItems['items']): ItemPlaces['places'] {
      if (status.standing !== 'member') return null
      const isHere = status.state?.synced === false
      const openOn = (kind: string) => (kind === 'note' && !isHere ? [DESK.name] : [])
      return items.map((item) => ({
        ...{ ...item, state: isHere ? 'here' : 'sent', devices: isHere ? 1 : 2 },
        openOn: openOn(item.kind),
      }))
    },
    conflicts: () => ({ conflicts }),
    settle(id: string) {
      conflicts = conflicts.filter((one) => one.id !== id)
      become({ conflicts: conflicts.length })
    },
    pause: () => become({ state: { ...LIVE, ...STATES.paused } }),
    resume: () => become({ state: { ...LIVE } }),
    now: () => status.state ?? LIVE,
  }
}

const THIS = { name: 'Ada’s laptop', isThis: true }
const DESK = { name: 'Desk at home', isThis: false }
const CONFLICTS: SyncConflict[] = [
  {
    ...{ doc: 'journal:2026-11.0', id: '1:1', what: 'captureText', subject: 'c1', field: '' },
    lost: { value: 'Attention weighs what matters.', device: DESK, at: '2026-11-26T21:40:00.000Z' },
    kept: {
      value: 'Attention is a way to weigh what matters for the next word, and nothing else.',
      device: THIS,
      at: '2026-11-27T03:55:00.000Z',
    },
    noticedAt: '2026-11-27T04:00:00.000Z',
  },
  {
    ...{ doc: 'note:n', id: '1:2', what: 'noteDeleted', subject: 'n', field: '' },
    lost: { value: 'Plan\n\nRead the paper once more.', device: THIS, at: '2026-11-27T03:55:00.000Z' },
    kept: { value: null, device: DESK, at: '2026-11-26T21:40:00.000Z' },
    noticedAt: '2026-11-27T04:00:00.000Z',
  },
  {
    ...{ doc: 'settings', id: '1:3', what: 'setting', subject: 'theme', field: 'theme' },
    lost: { value: 'dark', device: null, at: null },
    kept: { value: 'light', device: DESK, at: null },
    noticedAt: '2026-11-27T04:00:00.000Z',
  },
]
const OUT = { standing: 'out', relay: null, email: null, device: null, state: null } as const

function device(byte: string, name: string | null, kind: string, more: Partial<SyncDevice> = {}): SyncDevice {
  return {
    id: byte.repeat(16),
    ...{ name, kind, isThis: false, state: 'active', since: '2026-09-02T08:00:00.000Z' },
    lastSeenAt: '2026-11-27T03:55:00.000Z',
    ...more,
  }
}

const amount = (items: number, bytes: number) => ({ items, bytes })
const NONE = amount(0, 0)

/** Files between devices, imitated: `held` waits for Wi-Fi, `files` moves, `far` has every picture on another device. */
export function imitateAttachments(
  scenario: SyncScenario,
  {
    wait,
    changed,
    arrived,
  }: { wait: (ms: number) => Promise<unknown>; changed: () => void; arrived: (sha256: string) => void },
) {
  const isBusy = scenario === 'files' || scenario === 'held'
  const fetched = new Set<string>()
  let status: AttachmentStatus = {
    state: {
      kinds: [
        {
          kind: 'recordings',
          here: amount(41, 18_750_000),
          elsewhere: amount(12, 5_200_000),
          toSend: isBusy ? amount(2, 9_100_000) : NONE,
          toFetch: NONE,
        },
        {
          kind: 'pictures',
          here: amount(8, 4_310_000),
          elsewhere: NONE,
          toSend: NONE,
          toFetch: isBusy ? amount(1, 9_300_000) : NONE,
        },
        { kind: 'documents', here: amount(23, 96_000_000), elsewhere: NONE, toSend: NONE, toFetch: NONE },
        { kind: 'frames', here: amount(620, 74_000_000), elsewhere: NONE, toSend: NONE, toFetch: NONE },
      ],
      moving: scenario === 'files' ? { way: 'send', done: 3_150_000, total: 6_400_000 } : null,
      sentBytes: 3_150_000,
      receivedBytes: 0,
      problem: scenario === 'quota' ? { code: 'over-quota', params: {} } : null,
    },
    policies: { recordings: 'on-demand', pictures: 'always', documents: 'always', frames: 'never' },
    unmeteredOnly: scenario === 'held' ? 'everything' : 'nothing',
    metered: scenario === 'held' ? true : null,
    held: scenario === 'held',
  }
  return {
    isFar: (sha256: string) => scenario === 'far' && !fetched.has(sha256),
    status: () => status,
    choose({ policies, unmeteredOnly }: AttachmentChoices) {
      const given = Object.fromEntries(Object.entries(policies ?? {}).filter(([, policy]) => policy))
      status = {
        ...status,
        policies: { ...status.policies, ...given },
        unmeteredOnly: unmeteredOnly ?? status.unmeteredOnly,
      }
      changed()
    },
    standing(sha256: string): AttachmentStanding {
      if (scenario === 'far' && !fetched.has(sha256)) return { state: 'at-relay', bytes: 2_340_000 }
      return { state: 'here', bytes: 2_340_000 }
    },
    async *fetch(sha256: string): AsyncGenerator<AttachmentFetch> {
      for (const done of [0, 1_048_576, 2_340_000]) {
        yield { state: 'coming', done, total: 2_340_000 }
        await wait(100)
      }
      fetched.add(sha256)
      arrived(sha256)
      yield { state: 'here' }
    },
  }
}
