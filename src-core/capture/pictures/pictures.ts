import {
  type Clock,
  type Closable,
  type Config,
  isLvaError,
  type Log,
  LvaError,
  type PictureLanguage,
} from '../../kernel/index.ts'
import type { LanguagePicture } from '../../models/index.ts'
import type { BlobStore, Database } from '../../store/index.ts'
import type { Capture, CapturePicture, PictureType, Vault } from '../../vault/index.ts'
import { isNamed } from '../blob-names.ts'
import type { RemoteReader } from '../documents/remote-reader.ts'
import { notAPicture, pictureDamaged, pictureEmpty, pictureTooLarge, tooManyPictures, tooManyPixels } from './errors.ts'
import { readPictureHeader } from './header.ts'
import type { CoveredPicture, FoundPlace, PictureResult, PictureWork } from './work.ts'

const BYTES_PER_MB = 2 ** 20
const MILLION = 1_000_000
/** A picture that was given and is in no capture after so long was not sent, in milliseconds. */
const ABANDONED_AFTER = 24 * 3_600_000
/** A process that ends over a picture may have ended for another reason. */
const ATTEMPTS = 2
/** Captures whose pictures are read at a start, the newest first. */
const READ_AT_START = 200

/** A picture before anything is known of what it shows. */
export type NewPicture = Omit<CapturePicture, 'reading' | 'description'>

export interface PictureParts {
  db: Database
  vault: Pick<Vault, 'id' | 'captures' | 'forgetting'>
  blobs: Pick<BlobStore, 'put' | 'get' | 'has' | 'delete'>
  look: RemoteReader['look']
  /** Language of the writing, where nobody says another. */
  language(): Promise<PictureLanguage>
  limits: Config['pictures']
  clock: Clock
  log: Log
}

/** Pictures that come with what is said: kept as blobs, read on the device, shown to models. */
export class Pictures implements Closable {
  readonly #parts: PictureParts
  readonly #closing = new AbortController()
  /** Pictures that are being read, by capture and hash. */
  readonly #underWay = new Map<string, Promise<Capture>>()

  #catchingUp: Promise<void> = Promise.resolve()

  constructor(parts: PictureParts) {
    this.#parts = parts
  }

  /**
   * Keeps a picture that a capture is about to name. Its size is judged by its header before anything is decoded.
   * @throws LvaError picture-empty, picture-not-supported, picture-too-large, picture-too-many-pixels, picture-damaged, disk-full
   */
  async add(bytes: Uint8Array, signal?: AbortSignal): Promise<NewPicture> {
    const mediaType = this.#judge(bytes).mediaType
    const { width, height } = await this.#look(bytes, { kind: 'check' }, signal)
    return { sha256: await this.#keep(bytes), mediaType, width, height }
  }

  async #keep(bytes: Uint8Array): Promise<string> {
    const { db, vault, blobs, clock } = this.#parts
    const sha256 = await blobs.put(bytes)
    await db.query(
      `insert into picture_blobs (vault_id, sha256, kept_at) values ($1, $2, $3)
       on conflict (vault_id, sha256) do update set kept_at = excluded.kept_at`,
      [vault.id, sha256, new Date(clock.now())],
    )
    return sha256
  }

  /** Where in a picture nobody should look: keys, card numbers, passwords. Nothing of it is kept. @throws LvaError as `add` */
  async inspect(bytes: Uint8Array, signal?: AbortSignal): Promise<FoundPlace[]> {
    this.#judge(bytes)
    const language = await this.#parts.language()
    return (await this.#look(bytes, { kind: 'inspect', language }, signal)).found
  }

  /** How bright a picture is, place by place. @throws LvaError as `add` */
  async look(bytes: Uint8Array, signal?: AbortSignal): Promise<{ look: Uint8Array }> {
    this.#judge(bytes)
    return this.#look(bytes, { kind: 'look' }, signal)
  }

  /** Reads a picture and paints over what nobody should see. Nothing is kept. @throws LvaError as `add` */
  async cover(bytes: Uint8Array, language: PictureLanguage, signal?: AbortSignal): Promise<CoveredPicture> {
    this.#judge(bytes)
    return this.#look(bytes, { kind: 'cover', language }, signal)
  }

  /** Keeps a picture that was made here, for a capture that is about to name it. @throws LvaError disk-full */
  async keepCovered({ bytes, mediaType, width, height }: CoveredPicture['picture']): Promise<NewPicture> {
    const sha256 = await this.#keep(bytes)
    return { sha256, mediaType, width, height }
  }

  /** Removes the blobs of these pictures at once, but for those that something names. */
  async drop(hashes: readonly string[]): Promise<void> {
    if (hashes.length > 0) await this.#removeUnnamed({ among: hashes })
  }

  /** The pictures of these hashes, which `add` took. @throws LvaError too-many-pictures, not-found, and as `add` */
  async take(hashes: readonly string[]): Promise<NewPicture[]> {
    const { perTurn } = this.#parts.limits
    const own = [...new Set(hashes)]
    if (own.length > perTurn) throw tooManyPictures(perTurn)
    const pictures: NewPicture[] = []
    for (const sha256 of own) pictures.push({ sha256, ...this.#judge(await this.#parts.blobs.get(sha256)) })
    return pictures
  }

  /** The bytes as they came. @throws LvaError not-found, also where the capture has no such picture */
  async file(captureId: string, sha256: string): Promise<{ bytes: Uint8Array; mediaType: PictureType }> {
    const { mediaType } = pictureOf(await this.#parts.vault.captures.get(captureId), sha256)
    return { bytes: await this.#parts.blobs.get(sha256), mediaType }
  }

  /** The file that a model is shown: scaled down, without what the original says of place, time and camera. */
  async shown(sha256: string, signal?: AbortSignal): Promise<LanguagePicture> {
    const { blobs, limits } = this.#parts
    return this.#look(await blobs.get(sha256), { kind: 'show', longestSide: limits.longestSide }, signal)
  }

  /**
   * Reads one picture of a capture, again where it was read before, and keeps what was read.
   * @returns the capture with it
   * @throws LvaError not-found, picture-damaged, document-took-too-long
   */
  read(captureId: string, sha256: string, language?: PictureLanguage): Promise<Capture> {
    const key = `${captureId} ${sha256} ${language ?? ''}`
    const known = this.#underWay.get(key)
    if (known) return known
    const reading = this.#read(captureId, sha256, language).finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, reading)
    return reading
  }

  /** Reads the pictures of a capture that were not read yet. One that cannot be read now is left for later. @returns the capture */
  async readNew(capture: Capture): Promise<Capture> {
    let known = capture
    for (const { sha256, reading } of capture.pictures ?? []) {
      // What is on another device was read there, or is read once it has come.
      if (reading || !(await this.#parts.blobs.has(sha256))) continue
      try {
        known = await this.read(capture.id, sha256)
      } catch (error) {
        if (this.#closing.signal.aborted || isLvaError(error, 'not-found')) throw error
        this.#parts.log.warn({ error, capture: capture.id }, 'a picture could not be read')
      }
    }
    return known
  }

  /** Work that an earlier run of the program left: pictures that nobody names any more are removed, those not read yet are read. */
  catchUp(): Promise<void> {
    this.#catchingUp = this.#catchUp()
    return this.#catchingUp
  }

  async #catchUp(): Promise<void> {
    await this.#removeUnnamed({ olderThanMs: ABANDONED_AFTER })
    const { db, vault } = this.#parts
    const rows = await db.query<{ id: string }>(
      `select id from captures where vault_id = $1 and pictures is not null
         and jsonb_path_exists(pictures, '$[*] ? (!exists(@.reading))')
       order by created_at desc limit ${READ_AT_START}`,
      [vault.id],
    )
    for (const { id } of rows) {
      if (this.#closing.signal.aborted) return
      const capture = await vault.captures.get(id).catch(() => undefined)
      if (capture) await this.readNew(capture)
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new LvaError('cancelled', 'Reading pictures is closed.'))
    await Promise.allSettled([this.#catchingUp, ...this.#underWay.values()])
  }

  /** @throws LvaError as `add`, but for what only decoding shows */
  #judge(bytes: Uint8Array): Omit<NewPicture, 'sha256'> {
    const { fileMb, megapixels } = this.#parts.limits
    if (bytes.length === 0) throw pictureEmpty()
    if (bytes.length > fileMb * BYTES_PER_MB) throw pictureTooLarge(fileMb)
    const header = readPictureHeader(bytes)
    if (!header) throw notAPicture()
    const { mediaType, isTurned } = header
    const [width, height] = isTurned ? [header.height, header.width] : [header.width, header.height]
    if (width * height > megapixels * MILLION) throw tooManyPixels(width, height, megapixels)
    return { mediaType, width, height }
  }

  async #read(captureId: string, sha256: string, wanted: PictureLanguage | undefined): Promise<Capture> {
    const { vault, blobs, clock } = this.#parts
    pictureOf(await vault.captures.get(captureId), sha256)
    const language = wanted ?? (await this.#parts.language())
    const { text, blocks } = await this.#look(await blobs.get(sha256), { kind: 'read', language })
    const at = new Date(clock.now()).toISOString()
    return vault.captures.setPicture(captureId, sha256, { reading: { text, blocks, language, at } })
  }

  async #look<Kind extends PictureWork['kind']>(
    bytes: Uint8Array,
    work: Extract<PictureWork, { kind: Kind }>,
    signal?: AbortSignal,
  ): Promise<PictureResult[Kind]> {
    const stopping = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#parts.look(bytes, work, stopping)
      } catch (error) {
        if (!isLvaError(error, 'document-too-complex')) throw error
        // Its limits were judged before: what ends the process twice is a picture that no decoder understands.
        if (attempt === ATTEMPTS) throw pictureDamaged(error)
      }
    }
  }

  /** Blobs that no capture names: such as were never sent, and of frames that were forgotten. What was deleted and can be restored keeps its own. */
  async #removeUnnamed(which: { among: readonly string[] } | { olderThanMs: number }): Promise<void> {
    const { db, vault, blobs, clock } = this.#parts
    const rows = await db.query<{ sha256: string }>(
      `select b.sha256 from picture_blobs b where b.vault_id = $1 and ${'among' in which ? 'b.sha256 = any($2::text[])' : 'b.kept_at < $2'}
         and not ${isNamed('b.sha256')}`,
      [vault.id, 'among' in which ? which.among : new Date(clock.now() - which.olderThanMs)],
    )
    if (rows.length === 0) return
    const needed = new Set((await vault.forgetting.deleted()).flatMap((thing) => thing.blobs))
    for (const { sha256 } of rows) {
      if (needed.has(sha256)) continue
      await blobs.delete(sha256)
      await db.query('delete from picture_blobs where vault_id = $1 and sha256 = $2', [vault.id, sha256])
    }
  }
}

function pictureOf(capture: Capture, sha256: string): CapturePicture {
  const picture = capture.pictures?.find((one) => one.sha256 === sha256)
  if (picture) return picture
  throw new LvaError('not-found', 'The entry has no such picture.', { advice: 'It may have been deleted.' })
}
