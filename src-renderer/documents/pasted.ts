/** What a pasted text is: the address of a web page, or words to be kept. */
export type Pasted = { kind: 'address'; url: string } | { kind: 'text'; text: string } | { kind: 'nothing' }

/** An address may come without its scheme, as people copy it; anything with a space or a second line is a text. */
export function readPasted(given: string): Pasted {
  const text = given.trim()
  if (text === '') return { kind: 'nothing' }
  if (/\s/.test(text)) return { kind: 'text', text: given }
  const url = /^https?:\/\//i.test(text)
    ? text
    : /^(www\.)?[\p{L}\d-]+(\.[\p{L}\d-]+)*\.\p{L}{2,}(\/\S*)?$/u.test(text)
      ? `https://${text}`
      : null
  return url !== null && URL.canParse(url) ? { kind: 'address', url } : { kind: 'text', text: given }
}
