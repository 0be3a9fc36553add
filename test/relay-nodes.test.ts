import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgresServer } from './postgres-server.ts'
import { foundRedis, startRedisServer } from './redis-server.ts'
import { connect, newAccount, roomOf, signIn, type TestRelay, testRelay } from './relay-devices.ts'
import { type ScriptedRedis, scriptedRedis } from './scripted-redis.ts'

const program = foundRedis()

let postgres: PostgresServer
beforeAll(async () => {
  postgres = await startPostgresServer()
})
afterAll(() => postgres?.close())

/** Where the machine has a Redis, nodes are tried with that one too. */
const REDIS: { name: string; database: string; open: (() => Promise<ScriptedRedis>) | undefined }[] = [
  { name: 'scripted', database: 'scripted', open: scriptedRedis },
  { name: 'a real one', database: 'real', open: program === undefined ? undefined : () => startRedisServer(program) },
]

for (const { name, database, open } of REDIS) {
  describe.skipIf(!open)(`two nodes of a relay over one Postgres and one Redis, which is ${name}`, () => {
    let redis: ScriptedRedis
    let nodes: [TestRelay, TestRelay]
    beforeAll(async () => {
      redis = await (open as () => Promise<ScriptedRedis>)()
      const environment = { DATABASE_URL: await postgres.createDatabase(database), REDIS_URL: redis.url }
      nodes = [await testRelay(environment), await testRelay(environment)]
    })
    afterAll(async () => {
      for (const node of nodes ?? []) await node.stop()
      await redis?.close()
    })
    it('are one relay: what a device leaves at one reaches a device at the other, in order', async () => {
      const [one, two] = nodes
      const email = await newAccount(one)
      const first = await connect(one, await signIn(one, email))
      const second = await connect(two, await signIn(two, email))
      second.send({ type: 'follow', room: roomOf('note:a'), cursor: 0 })
      await second.next('head')
      for (let at = 1; at <= 30; at += 1) first.append('note:a', `word ${at}`, at)
      for (let at = 1; at <= 30; at += 1) {
        expect(await second.next('frame')).toMatchObject({ position: at, sequence: at, device: first.device })
      }
      second.append('note:a', 'and back', 1)
      expect(await second.next('taken')).toMatchObject({ position: 31 })
      const whisper = Uint8Array.from([1, 3, 0, 0, 0, 1, ...new Uint8Array(190)])
      first.send({ type: 'whisper', room: roomOf('note:a'), sealed: whisper })
      expect(await second.next('whisper')).toMatchObject({ device: first.device })
    })

    it('give one order to what two devices send at once', async () => {
      const [one, two] = nodes
      const email = await newAccount(one)
      const devices = [await connect(one, await signIn(one, email)), await connect(two, await signIn(two, email))]
      for (let at = 1; at <= 40; at += 1) for (const device of devices) device.append('note:a', `word ${at}`, at)
      const positions: number[] = []
      for (const device of devices)
        for (let at = 1; at <= 40; at += 1) positions.push((await device.next('taken')).position)
      expect(positions.sort((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, at) => at + 1))
    })

    it('count tries together, know each other’s tokens, and put a revoked device out on both', async () => {
      const [one, two] = nodes
      const email = await newAccount(one)
      const keeper = await signIn(one, email)
      const lost = await signIn(two, email)
      const socket = await connect(two, lost)
      expect((await two.request('/v1/devices', { token: keeper.access })).status).toBe(200)
      await one.request(`/v1/devices/${lost.device}/revoke`, { method: 'POST', token: keeper.access })
      expect(await socket.closed).toBe(4403)
      const guess = (node: TestRelay) =>
        node.request('/v1/sessions', {
          method: 'POST',
          body: { email, password: 'a wrong password', device: { id: 'ab'.repeat(16), kind: 'test' } },
        })
      const statuses: number[] = []
      for (let at = 0; at < 4; at += 1) for (const node of nodes) statuses.push((await guess(node)).status)
      // Three of the ten tries went into making the account and signing in.
      expect(statuses).toEqual([...new Array(7).fill(401), 429])
    })

    it('tell what they missed of each other once Redis is back, and say meanwhile that they are not ready', async () => {
      const [one, two] = nodes
      const email = await newAccount(one)
      const keeper = await signIn(one, email)
      const first = await connect(one, keeper)
      const lost = await connect(two, await signIn(two, email))
      const second = await connect(two, await signIn(two, email))
      second.send({ type: 'follow', room: roomOf('note:a'), cursor: 0 })
      await second.next('head')
      await redis.kill()
      first.append('note:a', 'while nobody heard', 1)
      first.append('note:b', 'and elsewhere', 2)
      expect(await first.next('taken', ({ sequence }) => sequence === 2)).toMatchObject({ position: 1 })
      expect((await one.request('/ready')).status).toBe(503)
      expect(second.heard).toEqual([])
      await one.request(`/v1/devices/${lost.device}/revoke`, { method: 'POST', token: keeper.access })
      await redis.restart()
      expect(await lost.closed).toBe(4403)
      expect(await second.next('frame')).toMatchObject({ room: roomOf('note:a'), position: 1, device: first.device })
      expect(await second.next('news')).toMatchObject({ room: roomOf('note:b'), head: 1 })
      expect((await one.request('/ready')).status).toBe(200)
    })
  })
}
