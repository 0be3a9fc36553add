import { describe, expect, it } from 'vitest'
import { seededRandom, systemClock } from '../kernel/index.ts'
import { ConfiguredPlaces } from './configured-places.ts'
import { s3Place } from './places/s3.ts'
import type { BackupState } from './state.ts'

const S3_KEY = { accessKeyId: 'key', secretAccessKey: 'of a test' }

function placesOf() {
  return new ConfiguredPlaces({
    root: '/home/ada/lva',
    config: { folder: '', s3: { endpoint: '', region: '', bucket: '', prefix: '', ...S3_KEY } } as never,
    usualFolder: '/home/ada/backups',
    secrets: { get: async () => undefined } as never,
    openS3: (address, secret) =>
      s3Place({ ...address, secretAccessKey: secret, clock: systemClock, random: seededRandom(1) }),
  })
}

const stateWith = (prefix: string): BackupState => ({
  keyId: null,
  since: null,
  automatic: null,
  folder: null,
  s3: { endpoint: 'https://s3.example', region: 'eu', bucket: 'vault', prefix, accessKeyId: 'key' },
  places: {},
})

describe('where backups go', () => {
  it.each([
    ['', 's3://vault'],
    ['ada', 's3://vault/ada'],
    ['ada/', 's3://vault/ada'],
    ['/ada/notes/', 's3://vault/ada/notes'],
  ])('is called by the same name when it is listed and when it is opened: folder "%s"', async (prefix, label) => {
    const state = stateWith(prefix)
    expect(
      placesOf()
        .labels(state)
        .map((place) => place.label),
    ).toEqual(['/home/ada/backups', label])
    expect((await placesOf().open(state)).map((place) => place.label)).toEqual(['/home/ada/backups', label])
    expect((await placesOf().find(state, label)).label).toBe(label)
  })
})
