import { describe, expect, it } from 'vitest'
import { type SignedRequest, signatureHeaders } from './signature.ts'

/*
 * The worked examples of the Amazon S3 API reference, "Signature calculations for the Authorization header: transferring payload in a single
 * chunk" (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 */
const CREDENTIALS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
}
const HOST = 'https://examplebucket.s3.amazonaws.com'
const at = Date.UTC(2013, 4, 24)
const signatureOf = (request: Omit<SignedRequest, 'at' | 'body'> & { body?: string }) =>
  signatureHeaders({ ...request, body: Buffer.from(request.body ?? ''), at }, CREDENTIALS).authorization

describe('the signature of a request', () => {
  it('is that of the published example: GET Object, a range', () => {
    expect(signatureOf({ method: 'GET', url: new URL(`${HOST}/test.txt`), headers: { range: 'bytes=0-9' } })).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    )
  })

  it('is that of the published example: PUT Object, an escaped key', () => {
    expect(
      signatureOf({
        method: 'PUT',
        url: new URL(`${HOST}/test%24file.text`),
        headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
        body: 'Welcome to Amazon S3.',
      }),
    ).toMatch(/Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd$/)
  })

  it('is that of the published example: GET Bucket Lifecycle, a query without a value', () => {
    expect(signatureOf({ method: 'GET', url: new URL(`${HOST}/?lifecycle=`) })).toMatch(
      /Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543$/,
    )
  })

  it('is that of the published example: GET Bucket (List Objects), in whichever order', () => {
    for (const query of ['max-keys=2&prefix=J', 'prefix=J&max-keys=2'])
      expect(signatureOf({ method: 'GET', url: new URL(`${HOST}/?${query}`) })).toMatch(
        /Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7$/,
      )
  })
})
