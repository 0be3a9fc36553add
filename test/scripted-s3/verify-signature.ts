import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/**
 * Checks AWS Signature Version 4 from the side of the server: from the bytes of the request line and the headers that it names, and with
 * nothing of the code that signs.
 */

export interface KnownKey {
  accessKeyId: string
  secretAccessKey: string
  region: string
}

export type Verdict =
  | 'AccessDenied'
  | 'InvalidAccessKeyId'
  | 'SignatureDoesNotMatch'
  | 'XAmzContentSHA256Mismatch'
  | null

export function verifySignature(request: IncomingMessage, body: Buffer, known: KnownKey): Verdict {
  const { authorization = '' } = request.headers
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      authorization,
    )
  if (!parts) return 'AccessDenied'
  const [, accessKeyId = '', day = '', region = '', signedNames = '', signature] = parts
  if (accessKeyId !== known.accessKeyId) return 'InvalidAccessKeyId'
  const names = signedNames.split(';')
  for (const must of ['host', 'x-amz-content-sha256', 'x-amz-date'])
    if (!names.includes(must)) return 'SignatureDoesNotMatch'
  const header = (name: string) => String(request.headers[name] ?? '')
  if (!header('x-amz-date').startsWith(day) || region !== known.region) return 'SignatureDoesNotMatch'
  if (header('x-amz-content-sha256') !== createHash('sha256').update(body).digest('hex'))
    return 'XAmzContentSHA256Mismatch'

  const [path = '', query = ''] = (request.url ?? '').split('?')
  const sortedQuery = query === '' ? '' : query.split('&').sort().join('&')
  const canonical = `${request.method}\n${path}\n${sortedQuery}\n${names
    .map((name) => `${name}:${header(name).trim().replace(/ +/g, ' ')}\n`)
    .join('')}\n${signedNames}\n${header('x-amz-content-sha256')}`
  const scope = `${day}/${region}/s3/aws4_request`
  const text = `AWS4-HMAC-SHA256\n${header('x-amz-date')}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`
  const dayKey = createHmac('sha256', `AWS4${known.secretAccessKey}`).update(day).digest()
  const regionKey = createHmac('sha256', dayKey).update(region).digest()
  const serviceKey = createHmac('sha256', regionKey).update('s3').digest()
  const signingKey = createHmac('sha256', serviceKey).update('aws4_request').digest()
  return createHmac('sha256', signingKey).update(text).digest('hex') === signature ? null : 'SignatureDoesNotMatch'
}
