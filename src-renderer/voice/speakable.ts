/** What a voice should say of a stretch of an answer: its words without citation numbers, Markdown signs and addresses. */
export function speakable(text: string): string {
  return text
    .replace(/\[(?:\?|\d+(?:\s*,\s*\d+)*)\]/g, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/https?:\/\/\S+/g, '')
    .replace(/^\s*(?:#{1,6}|>|[-*+]|\d+[.)])\s+/gm, '')
    .replace(/^\s*```.*$/gm, '')
    .replace(/(\*\*|__|\*|`|~~)(?=\S)(.*?\S)\1/g, '$2')
    .replace(/[*_`#]{2,}|`/g, '')
    .replace(/\s+([.,;:!?])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
}
