import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type KnownKey, verifySignature } from './verify-signature.ts'

/** What goes wrong with one request. */
export type Trouble =
  | { status: number; code: string }
  /** The connection is cut: before any answer, in the middle of one, or after the work was done and before it was said. */
  | { cut: 'before' | 'during' | 'after' }

export interface SeenRequest {
  method: string
  /** Path and query, as they were sent. */
  url: string
  status: number | 'cut'
}

export interface ScriptedS3Options extends Partial<KnownKey> {
  bucket?: string
  /** Objects of one page of a list. */
  pageSize?: number
  /** Milliseconds since 1970; without it the date of requests is not looked at. */
  now?: () => number
  /** Servers of this kind answer a part with the whole object. */
  ignoresRanges?: boolean
}

export interface ScriptedS3 {
  readonly url: string
  readonly objects: Map<string, Buffer>
  /** Multipart uploads that were begun and neither completed nor aborted. */
  readonly uploads: Map<string, { key: string; parts: Map<number, Buffer> }>
  readonly requests: SeenRequest[]
  /** The next requests that fit go wrong, one trouble each. */
  script(fits: RegExp, ...troubles: Trouble[]): void
  close(): Promise<void>
}

const SKEW_MS = 15 * 60_000
export const S3_KEY: KnownKey = {
  accessKeyId: 'AKIDSCRIPTED',
  secretAccessKey: 'a secret/of+the=scripted storage',
  region: 'eu-test-1',
}

/** Starts a server on the loopback interface that keeps objects in memory and speaks as much of S3 as backups need, path-style. */
export async function startScriptedS3(options: ScriptedS3Options = {}): Promise<ScriptedS3> {
  const { bucket = 'vault', pageSize = 1_000, now, ignoresRanges = false } = options
  const known = { ...S3_KEY, ...options }
  const objects = new Map<string, Buffer>()
  const uploads: ScriptedS3['uploads'] = new Map()
  const requests: SeenRequest[] = []
  const scripts: { fits: RegExp; troubles: Trouble[] }[] = []
  const sockets = new Set<Socket>()
  let lastUpload = 0

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const { method = '', url = '' } = request
    const seen: SeenRequest = { method, url, status: 'cut' }
    requests.push(seen)
    const script = scripts.find(({ fits, troubles }) => troubles.length > 0 && fits.test(`${method} ${url}`))
    const trouble = script?.troubles.shift()
    if (trouble && 'cut' in trouble && trouble.cut === 'before') return void request.socket.destroy()
    const answer = trouble && 'status' in trouble ? failure(trouble.status, trouble.code) : respond(request, body)
    if (trouble && 'cut' in trouble) {
      if (trouble.cut === 'during') {
        response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length + 10 })
        response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)))
        await new Promise((resolve) => setImmediate(resolve))
      }
      return void request.socket.destroy()
    }
    seen.status = answer.status
    response.writeHead(answer.status, answer.headers)
    response.end(answer.body)
  }

  function respond(request: IncomingMessage, body: Buffer): Answer {
    const wrong = verifySignature(request, body, known)
    if (wrong) return failure(wrong === 'XAmzContentSHA256Mismatch' ? 400 : 403, wrong)
    if (now && Math.abs(instantOf(String(request.headers['x-amz-date'])) - now()) > SKEW_MS)
      return failure(403, 'RequestTimeTooSkewed')
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const [ofBucket = '', ...rest] = pathname.slice(1).split('/').map(decodeURIComponent)
    if (ofBucket !== bucket) return failure(404, 'NoSuchBucket')
    const key = rest.join('/')
    const uploadId = searchParams.get('uploadId')
    switch (request.method) {
      case 'GET':
        return key === '' ? list(searchParams) : get(key, request.headers.range)
      case 'PUT': {
        if (uploadId === null) objects.set(key, body)
        else if (!uploads.has(uploadId)) return failure(404, 'NoSuchUpload')
        else uploads.get(uploadId)?.parts.set(Number(searchParams.get('partNumber')), body)
        return { status: 200, headers: { etag: tagOf(body) }, body: NOTHING }
      }
      case 'POST':
        if (searchParams.has('uploads')) {
          lastUpload += 1
          uploads.set(`upload ${lastUpload}/+=`, { key, parts: new Map() })
          return xml(
            200,
            `<InitiateMultipartUploadResult><UploadId>upload ${lastUpload}/+=</UploadId></InitiateMultipartUploadResult>`,
          )
        }
        return complete(uploadId ?? '', body)
      case 'DELETE':
        if (uploadId !== null) uploads.delete(uploadId)
        else objects.delete(key)
        return { status: 204, headers: {}, body: NOTHING }
      default:
        return failure(405, 'MethodNotAllowed')
    }
  }

  function complete(uploadId: string, body: Buffer): Answer {
    const upload = uploads.get(uploadId)
    if (!upload) return failure(404, 'NoSuchUpload')
    const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>&quot;([0-9a-f]+)&quot;<\/ETag>/g)]
    const parts = named.map(([, number, tag]) => {
      const part = upload.parts.get(Number(number))
      return part && tagOf(part) === `"${tag}"` ? part : undefined
    })
    if (parts.length === 0 || parts.includes(undefined)) return failure(400, 'InvalidPart')
    objects.set(upload.key, Buffer.concat(parts as Buffer[]))
    uploads.delete(uploadId)
    return xml(200, '<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
  }

  function get(key: string, range: string | undefined): Answer {
    const object = objects.get(key)
    if (!object) return failure(404, 'NoSuchKey')
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
    if (from === undefined || ignoresRanges) return { status: 200, headers: {}, body: object }
    if (Number(from) >= object.length) return failure(416, 'InvalidRange')
    return { status: 206, headers: {}, body: object.subarray(Number(from), Number(to) + 1) }
  }

  function list(query: URLSearchParams): Answer {
    const keys = [...objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '')).sort()
    const start = Number(query.get('continuation-token')?.replace('after +/', '') ?? 0)
    const page = keys.slice(start, start + pageSize)
    const isTruncated = start + pageSize < keys.length
    const entries = page.map(
      (key) => `<Contents><Key>${escaped(key)}</Key><Size>${objects.get(key)?.length}</Size></Contents>`,
    )
    const next = isTruncated ? `<NextContinuationToken>after +/${start + pageSize}</NextContinuationToken>` : ''
    return xml(
      200,
      `<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>${next}${entries.join('')}</ListBucketResult>`,
    )
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy()) // the caller has gone
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    objects,
    uploads,
    requests,
    script: (fits, ...troubles) => void scripts.push({ fits, troubles }),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Answer {
  status: number
  headers: Record<string, string>
  body: Buffer
}

const NOTHING = Buffer.alloc(0)

function xml(status: number, text: string): Answer {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`)
  return { status, headers: { 'content-type': 'application/xml' }, body }
}

function failure(status: number, code: string): Answer {
  return xml(status, `<Error><Code>${code}</Code><Message>scripted</Message></Error>`)
}

function tagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** `20261103T091500Z` in milliseconds since 1970. */
function instantOf(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}
