import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'

/** What goes wrong with the answers of one part of the scripted web. */
export type Fault =
  /** An answer with that status. */
  | number
  /** Nothing comes. */
  | 'hang'
  /** A first piece comes, and no other. */
  | 'drip'
  /** 50 MB. */
  | 'large'
  /** 50 MB, packed small. */
  | 'bomb'
  | 'binary'
  /** Redirects without end. */
  | 'loop'
  /** A redirect to the addresses that clouds keep secrets at. */
  | 'metadata'
  /** A page for people where an answer for programs is due. */
  | 'page'
  /** Cut in the middle. */
  | 'cut'

const FIFTY_MB = 50 * 2 ** 20
const TYPE = { 'content-type': 'application/json' }

export function go(wrong: Fault, path: string, response: ServerResponse): void {
  if (typeof wrong === 'number') {
    response.writeHead(wrong, { ...TYPE, ...(wrong === 429 && { 'retry-after': '30' }) }).end('{"error":"scripted"}')
    return
  }
  switch (wrong) {
    case 'hang':
      return
    case 'drip':
      response.writeHead(200, TYPE).write('{')
      return
    case 'large':
      response.writeHead(200, { ...TYPE, 'transfer-encoding': 'chunked' })
      pour(response, FIFTY_MB)
      return
    case 'bomb':
      response.writeHead(200, { ...TYPE, 'content-encoding': 'gzip' }).end(gzipSync('w'.repeat(FIFTY_MB)))
      return
    case 'binary':
      response.writeHead(200, TYPE).end(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13]))
      return
    case 'loop':
      response.writeHead(302, { location: path }).end()
      return
    case 'metadata':
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end()
      return
    case 'page':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><html><body>Sign in</body></html>')
      return
    case 'cut':
      response.writeHead(200, { ...TYPE, 'content-length': '1000' }).write('{"results":[')
      response.socket?.destroy()
  }
}

function pour(response: ServerResponse, left: number): void {
  const piece = 'w'.repeat(65_536)
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= piece.length
      if (!response.write(piece)) {
        response.once('drain', more)
        return
      }
    }
    response.end()
  }
  more()
}
