import { createHash, createHmac } from 'node:crypto'

/** AWS Signature Version 4 (docs.aws.amazon.com, "Signature Version 4 signing process"), for one request with a body in memory. */

export interface Credentials {
  region: string
  accessKeyId: string
  secretAccessKey: string
}

export interface SignedRequest {
  method: string
  url: URL
  body: Uint8Array
  /** Further headers that are signed, by their names in small letters. */
  headers?: Record<string, string>
  /** Milliseconds since 1970. */
  at: number
}

const SERVICE = 's3'
const ALGORITHM = 'AWS4-HMAC-SHA256'

/** The headers, those that were given among them, that make a request one of the holder of the secret. `host` is sent by `fetch` itself. */
export function signatureHeaders(
  { method, url, body, at, headers }: SignedRequest,
  by: Credentials,
): Record<string, string> {
  const stamp = new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const day = stamp.slice(0, 8)
  const bodyHash = sha256(body)
  const own = { 'x-amz-content-sha256': bodyHash, 'x-amz-date': stamp }
  const signed: Record<string, string> = { ...headers, ...own, host: url.host }
  const names = Object.keys(signed).sort()
  const canonical = [
    method,
    url.pathname,
    [...url.searchParams]
      .map(([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(value)}`)
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${signed[name]}`),
    '',
    names.join(';'),
    bodyHash,
  ].join('\n')
  const scope = `${day}/${by.region}/${SERVICE}/aws4_request`
  const toSign = [ALGORITHM, stamp, scope, sha256(Buffer.from(canonical))].join('\n')
  const key = ['aws4_request', SERVICE, by.region, day].reduceRight<Buffer>(
    (last, part) => hmac(last, part),
    Buffer.from(`AWS4${by.secretAccessKey}`),
  )
  const signature = hmac(key, toSign).toString('hex')
  return {
    ...headers,
    ...own,
    authorization: `${ALGORITHM} Credential=${by.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}

/** Percent escapes as the signature wants them: everything but letters, digits and `-._~`. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
