/**
 * Headers under which our page runs, in the window and in the browser: only its own scripts, no frames, no other origin, no device
 * but the microphone and, when the learner asks for it, a picture of the screen.
 * @param connect further addresses that the page may connect to, such as the host's WebSocket
 */
export function pageHeaders(connect: readonly string[] = []): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "media-src 'self' blob:",
      "worker-src 'self'",
      ["connect-src 'self'", ...connect].join(' '),
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'permissions-policy':
      'microphone=(self), camera=(self), geolocation=(), display-capture=(self), usb=(), payment=()',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  }
}
