/**
 * Values that cross between main and a page, as text: what structured clone can carry and JSON cannot is marked by `$`. The same text is
 * read by the script in the page (`page-script.ts`), which is why both functions stand alone.
 */
export function encode(value: unknown): string {
  const walk = (item: unknown): unknown => {
    if (item === undefined) return { $: 'undefined' }
    if (typeof item === 'number' && !Number.isFinite(item)) return { $: 'number', v: String(item) }
    if (typeof item === 'bigint') return { $: 'bigint', v: String(item) }
    if (typeof item === 'function' || typeof item === 'symbol') throw new Error('An object could not be cloned.')
    if (item === null || typeof item !== 'object') return item
    if (item instanceof Date) return { $: 'date', v: item.getTime() }
    if (item instanceof Error) return { $: 'error', v: [item.name, item.message] }
    if (item instanceof ArrayBuffer) return { $: 'buffer', v: base64(new Uint8Array(item)) }
    if (ArrayBuffer.isView(item)) {
      const kind = Object.prototype.toString.call(item).slice(8, -1)
      return { $: 'view', k: kind, v: base64(new Uint8Array(item.buffer, item.byteOffset, item.byteLength)) }
    }
    if (Array.isArray(item)) return item.map(walk)
    return { $: 'object', v: Object.fromEntries(Object.entries(item).map(([key, child]) => [key, walk(child)])) }
  }
  const base64 = (bytes: Uint8Array): string => {
    let text = ''
    for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
    return btoa(text)
  }
  return JSON.stringify(walk(value))
}

export function decode(text: string): unknown {
  type Marked = { $: string; v: never; k: never }
  const walk = (item: unknown): unknown => {
    if (item === null || typeof item !== 'object') return item
    if (Array.isArray(item)) return item.map(walk)
    const { $, v, k } = item as Marked
    if ($ === 'undefined') return undefined
    if ($ === 'number') return Number(v)
    if ($ === 'bigint') return BigInt(v)
    if ($ === 'date') return new Date(v)
    if ($ === 'error') return Object.assign(new Error(v[1]), { name: v[0] })
    if ($ === 'buffer') return bytes(v).buffer
    if ($ === 'view') {
      const View = (globalThis as unknown as Record<string, typeof Uint8Array | undefined>)[k] ?? Uint8Array
      return new View(bytes(v).buffer)
    }
    return Object.fromEntries(Object.entries(v).map(([key, child]) => [key, walk(child)]))
  }
  const bytes = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  return walk(JSON.parse(text))
}
