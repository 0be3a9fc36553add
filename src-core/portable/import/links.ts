import type { SourceFile } from '../sources/types.ts'
import type { Attachment } from './types.ts'

const PAGE = /\.(md|markdown|mdown|txt)$/i

export interface Linker {
  /**
   * The files that a text names: pages by their path, others as attachments. A missing file is named only where it would be shown or
   * opened as a file; a page that does not exist yet is no fault.
   */
  linksOf(text: string, from: string): { links: string[]; attachments: Attachment[]; missing: string[] }
}

/**
 * Finds files as Obsidian does: by path from the note, by path from the top, else by name alone, the shortest path first; any case.
 * @param pageName what a page is called where that is not the name of its file
 */
export function linkerFor(files: readonly SourceFile[], pageName?: (path: string) => string): Linker {
  const byPath = new Map<string, SourceFile>()
  const byName = new Map<string, SourceFile>()
  for (const file of [...files].sort((a, b) => a.path.length - b.path.length)) {
    const path = fold(file.path)
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (!byPath.has(path)) byPath.set(path, file)
    if (!byName.has(name)) byName.set(name, file)
    if (!pageName || !PAGE.test(file.path)) continue
    const page = fold(`${pageName(file.path)}.md`)
    if (!byName.has(page)) byName.set(page, file)
  }
  const find = (target: string, from: string): SourceFile | undefined => {
    const folder = from.slice(0, from.lastIndexOf('/') + 1)
    const wanted = fold(target)
    for (const name of [wanted, `${wanted}.md`]) {
      const near = normal(fold(folder) + name)
      const found = (near !== null && byPath.get(near)) || byPath.get(normal(name) ?? '') || byName.get(name)
      if (found) return found
    }
    return undefined
  }
  return {
    linksOf(text, from) {
      const links = new Set<string>()
      const attachments = new Map<string, Attachment>()
      const missing = new Set<string>()
      for (const { target, isFile } of targetsIn(text)) {
        const file = find(target, from)
        if (!file) {
          if (isFile) missing.add(target)
        } else if (PAGE.test(file.path)) links.add(file.path)
        else attachments.set(file.path, { file, name: target })
      }
      return { links: [...links], attachments: [...attachments.values()], missing: [...missing] }
    },
  }
}

/** Targets of `[[a#b|c]]`, `![[a]]`, `[a](b)` and `![a](b)`, without those that lead to the web. */
function* targetsIn(text: string): Generator<{ target: string; isFile: boolean }> {
  for (const [, name = ''] of text.matchAll(/!?\[\[([^\]\n|#^]+)[^\]\n]*\]\]/g)) {
    const target = name.trim()
    if (target !== '') yield { target, isFile: /\.(?!md$)[a-z0-9]{2,5}$/i.test(target) }
  }
  for (const [, angled, plain] of text.matchAll(/\]\((?:<([^>\n]+)>|([^\s)]+))[^)\n]*\)/g)) {
    const address = angled ?? plain ?? ''
    if (/^([a-z][a-z0-9+.-]*:|#|\/\/)/i.test(address)) continue
    const target = decoded(address.replace(/[#?].*$/, ''))
    if (target !== '') yield { target, isFile: true }
  }
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    return address
  }
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase()
}

/** Without `.` and `..`; null where it leads out at the top. */
function normal(path: string): string | null {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.join('/')
}
