/** Parts of a source that hold settings, rubbish or caches of other programs, and never what somebody wrote. */
const LEFT_OUT =
  /(^|\/)(\.[^/]+|__MACOSX|node_modules|Thumbs\.db|desktop\.ini)(\/|$)|(^|\/)logseq\/(bak|\.recycle|version-files)(\/|$)/

export function isLeftOut(path: string): boolean {
  return LEFT_OUT.test(path)
}

/** The folder of settings that tells which program a source belongs to. */
export function markOf(path: string): string | undefined {
  return /(?:^|\/)(\.obsidian|logseq)(?:\/|$)/.exec(path)?.[1]
}

export function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}
