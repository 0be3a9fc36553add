import { type Clock, isLvaError, LvaError, type Random } from '../../kernel/index.ts'
import { SUFFIX } from '../format.ts'
import { type Credentials, encodeStrictly, signatureHeaders } from './signature.ts'
import type { BackupPlace, PlacedFile } from './types.ts'

export interface S3Options extends Credentials {
  /** `https://host` or `http://host:port`, without the bucket. */
  endpoint: string
  bucket: string
  /** Folder inside the bucket; may be empty. */
  prefix: string
  clock: Clock
  random: Random
  /** Bytes of a part of a multipart upload; S3 wants 5 MiB at least. Tests make it small. */
  partBytes?: number
}

const PART_BYTES = 8 * 2 ** 20
const ATTEMPTS = 4
const FIRST_PAUSE_MS = 400
/** No answer at all, and no end of one, for this long. */
const ANSWER_MS = 120_000
const NOTHING = new Uint8Array()
/** Too Many Requests, Conflict (another operation on the object is under way), Request Timeout. */
const PASSING_STATUS = new Set([408, 409, 429])
const PASSING_CODES = new Set(['RequestTimeout', 'SlowDown', 'OperationAborted'])

/** The folder inside the bucket, without slashes at its ends. */
const folderOf = (prefix: string) => prefix.replace(/^\/+|\/+$/g, '')

/** How a place is called, on screens and where its state is kept. */
export function s3Label({ bucket, prefix }: { bucket: string; prefix: string }): string {
  return `s3://${[bucket, folderOf(prefix)].filter((part) => part !== '').join('/')}`
}

/** Backups as objects of S3-compatible storage, addressed by path (`endpoint/bucket/key`), which every server understands. */
export function s3Place(options: S3Options): BackupPlace {
  const { prefix, partBytes = PART_BYTES } = options
  const folder = folderOf(prefix)
  const keyOf = (name: string) => (folder === '' ? name : `${folder}/${name}`)
  const client = new S3Client(options)
  const object = (name: string, query: Record<string, string> = {}) => client.url(keyOf(name), query)

  const list = async (signal?: AbortSignal): Promise<PlacedFile[]> => {
    const files: PlacedFile[] = []
    const under = folder === '' ? '' : `${folder}/`
    let token: string | undefined
    do {
      const query = { 'list-type': '2', prefix: under, ...(token && { 'continuation-token': token }) }
      const page = await client.text('GET', client.url('', query), signal)
      for (const [, item = ''] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
        const key = within(item, 'Key') ?? ''
        const name = key.slice(under.length)
        if (name.endsWith(SUFFIX) && !name.includes('/')) files.push({ name, bytes: Number(within(item, 'Size') ?? 0) })
      }
      token = within(page, 'IsTruncated') === 'true' ? within(page, 'NextContinuationToken') : undefined
    } while (token)
    return files.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  const multipart = async (name: string, first: Uint8Array, rest: AsyncIterable<Uint8Array>, signal?: AbortSignal) => {
    const begun = await client.text('POST', object(name, { uploads: '' }), signal)
    const uploadId = within(begun, 'UploadId')
    if (!uploadId) throw refused('it did not begin an upload')
    let bytes = 0
    try {
      const tags: string[] = []
      const upload = async (part: Uint8Array) => {
        const query = { partNumber: String(tags.length + 1), uploadId }
        const tag = await client.upload(object(name, query), part, signal)
        if (!tag) throw refused('it did not confirm a part')
        tags.push(tag)
        bytes += part.length
      }
      await upload(first)
      for await (const part of rest) await upload(part)
      const named = tags.map((tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${escaped(tag)}</ETag></Part>`)
      const body = Buffer.from(`<CompleteMultipartUpload>${named.join('')}</CompleteMultipartUpload>`)
      const done = await client.text('POST', object(name, { uploadId }), signal, body).catch(async (error: unknown) => {
        // The answer to an earlier try was lost: the upload is over, and the object is there.
        const isOver = isLvaError(error) && error.params.storageCode === 'NoSuchUpload'
        if (isOver && (await list(signal)).some((file) => file.name === name && file.bytes === bytes)) return ''
        throw error
      })
      // It may fail after it has said 200.
      if (/<Error>/.test(done)) throw refused('it did not put the parts together')
    } catch (error) {
      // What was uploaded would be paid for; not being able to say so changes nothing.
      await client.text('DELETE', object(name, { uploadId })).catch(() => undefined)
      throw error
    }
  }

  return {
    label: s3Label(options),
    list,
    async read(name, start, end, signal) {
      if (end <= start) return NOTHING
      return client.bytes(object(name), start, end, name, signal)
    },
    async write(name, pieces, signal) {
      const parts = inParts(pieces, partBytes)
      const first = await parts.next()
      const second = await parts.next()
      const content = first.done ? NOTHING : first.value
      if (second.done) await client.text('PUT', object(name), signal, content)
      else await multipart(name, content, following(second.value, parts), signal)
    },
    async delete(name, signal) {
      await client.text('DELETE', object(name), signal)
    },
  }
}

class S3Client {
  readonly #options: S3Options

  constructor(options: S3Options) {
    this.#options = options
  }

  url(key: string, query: Record<string, string>): URL {
    const { endpoint, bucket } = this.#options
    const path = [bucket, ...(key === '' ? [] : key.split('/'))].map(encodeStrictly).join('/')
    const url = new URL(`${endpoint.replace(/\/+$/, '')}/${path}`)
    url.search = Object.entries(query)
      .map(([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(value)}`)
      .join('&')
    return url
  }

  async text(method: string, url: URL, signal?: AbortSignal, body?: Uint8Array): Promise<string> {
    return this.#retried(signal, async () => {
      const answer = await this.#once(method, url, { ...(body && { body }), ...(signal && { signal }) })
      return answer.text()
    })
  }

  /** @returns the entity tag by which the storage names what it got */
  upload(url: URL, body: Uint8Array, signal?: AbortSignal): Promise<string | null> {
    return this.#retried(signal, async () => {
      const answer = await this.#once('PUT', url, { body, ...(signal && { signal }) })
      await answer.arrayBuffer()
      return answer.headers.get('etag')
    })
  }

  /** A part of an object. An answer that is cut off is asked for again. */
  bytes(url: URL, start: number, end: number, name: string, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#retried(signal, async () => {
      const answer = await this.#once('GET', url, {
        headers: { range: `bytes=${start}-${end - 1}` },
        ...(signal && { signal }),
        name,
      })
      // 416: the object ends before the part begins.
      if (answer.status === 416) return NOTHING
      const bytes = new Uint8Array(await answer.arrayBuffer())
      // A server that does not know ranges sends all of it.
      return answer.status === 200 ? bytes.subarray(start, end) : bytes
    })
  }

  /** Tries again what may pass by itself: 5xx, 408, 409, 429, a lost connection. */
  async #retried<T>(signal: AbortSignal | undefined, attempt: () => Promise<T>): Promise<T> {
    const { clock, random } = this.#options
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt()
      } catch (error) {
        signal?.throwIfAborted()
        const isFinal = isLvaError(error) && error.params.passing !== true
        if (isFinal) throw error
        if (tries >= ATTEMPTS) throw isLvaError(error) ? error : unreachable(error)
        await clock.sleep(FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + random.fraction()), signal)
      }
    }
  }

  async #once(
    method: string,
    url: URL,
    request: { body?: Uint8Array; headers?: Record<string, string>; signal?: AbortSignal; name?: string },
  ): Promise<Response> {
    const { clock } = this.#options
    const { body = NOTHING, headers, signal, name } = request
    const signed = signatureHeaders({ method, url, body, at: clock.now(), ...(headers && { headers }) }, this.#options)
    const answer = await fetch(url, {
      method,
      headers: signed,
      ...(method === 'PUT' || method === 'POST' ? { body: body as Uint8Array<ArrayBuffer> } : {}),
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(ANSWER_MS), ...(signal ? [signal] : [])]),
    })
    if (answer.ok || (answer.status === 416 && name !== undefined)) return answer
    const code = within(await answer.text().catch(() => ''), 'Code') ?? ''
    if (answer.status === 404 && name !== undefined && code !== 'NoSuchBucket')
      throw new LvaError('not-found', `There is no backup ${name}.`, { params: { file: name } })
    if (answer.status === 404 && method === 'DELETE' && code !== 'NoSuchBucket') return answer
    if (code === 'RequestTimeTooSkewed')
      throw new LvaError('backup-clock-wrong', 'The storage for backups refused: the clock of this machine is wrong.', {
        advice: 'Set the date and time of this machine right, then make the backup again.',
      })
    throw refused(`it answered ${answer.status}${/^\w+$/.test(code) ? ` ${code}` : ''}`, {
      status: answer.status,
      storageCode: code,
      passing: answer.status >= 500 || PASSING_STATUS.has(answer.status) || PASSING_CODES.has(code),
    })
  }
}

/** Pieces put together into parts of equal length; the last may be shorter. */
async function* inParts(pieces: AsyncIterable<Uint8Array>, partBytes: number): AsyncGenerator<Uint8Array> {
  let part = new Uint8Array(partBytes)
  let length = 0
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const taken = piece.subarray(at, at + partBytes - length)
      part.set(taken, length)
      length += taken.length
      at += taken.length
      if (length < partBytes) continue
      yield part
      part = new Uint8Array(partBytes)
      length = 0
    }
  }
  if (length > 0) yield part.subarray(0, length)
}

async function* following(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  yield* rest
}

/** The text of the first element of that name; the answers are flat and small. */
function within(xml: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
  return found
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#34;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function refused(what: string, params: Record<string, string | number | boolean> = {}): LvaError {
  return new LvaError('backup-place-failed', `The storage for backups refused: ${what}.`, {
    advice: 'Check its address, the bucket, the region and the access key.',
    params,
  })
}

function unreachable(cause: unknown): LvaError {
  return new LvaError('backup-place-failed', 'The storage for backups cannot be reached.', {
    advice: 'Check its address and the network; it is tried again by itself.',
    cause,
  })
}
