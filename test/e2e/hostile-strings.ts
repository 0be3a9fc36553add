import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** Set by every script below that manages to run; nothing may ever set it. */
export const RAN = 'lvaHostileScriptRan'
const RUN = `globalThis.${RAN}=1`

/** Texts that careless programs run, fetch, substitute, cut or draw wrongly. All hold words, so that search can find them. */
export const HOSTILE_STRINGS: readonly string[] = [
  `<script>${RUN}</script> after a script`,
  `<img src=x onerror="${RUN}"> after an image`,
  `"><svg onload=${RUN}> after a drawing`,
  `<iframe srcdoc="<script>parent.${RAN}=1</script>"></iframe> after a frame`,
  `[press me](javascript:${RUN}) a link`,
  '![a pixel](https://example.com/pixel.png) a picture',
  '<style>body{display:none}</style> a style',
  '<!-- comment --> &lt;entity&gt; &amp;amp; signs',
  '{{count}} {{- name}} $t(common.delete) template',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a learner may well type it
  '${7*7} #{7*7} <%= 7*7 %> {7*7} sums',
  "Robert'); DROP TABLE captures; -- said so",
  '" or ""=" or \'1\'=\'1 said so',
  '%s %d %00 \\u0000 \\n $1 escapes',
  '__proto__ constructor toString words',
  'null undefined NaN true -1e999 values',
  '../../../etc/passwd C:\\Windows\\ paths',
  '\u202Eright to left\u202C override',
  'שלום עולם مرحبا بالعالم greetings',
  '👩🏽‍🎓🏳️‍🌈 1️⃣ Z̶͇͒a̷͖͝l̴̙͗g̸͕̈o̵͎͌ letters',
  '田中さんにあげて下さい ﷽ 𝕥𝕙𝕖 letters',
]

/** The "big list of naughty strings", which is beside the checkout on the machines that build; empty elsewhere. */
export function naughtyStrings(): string[] {
  const file = path.resolve(import.meta.dirname, '../../../shared/data/badinput/blns.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : []
}
