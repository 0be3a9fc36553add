import type { Nodes, PhrasingContent, RootContent } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { Fragment, type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Citation, Source } from '../../src-core/contract/index.ts'
import { useSource } from '../shell/source.tsx'
import { cx } from '../ui/class-names.ts'
import type { Stretch } from '../voice/sentences.ts'
import { answerPieces } from './answer-pieces.ts'

/**
 * An answer: Markdown as models write it, with citations as buttons and one stretch marked. Nothing in it is ever treated as
 * HTML, and pictures are not fetched.
 */
export function AnswerText({
  text,
  citations,
  sources = [],
  marked,
}: {
  text: string
  citations: readonly Citation[]
  /** Places outside the learner's memory that it names too. */
  sources?: readonly Source[] | undefined
  /** The sentence that is being spoken, or the place that was looked for. */
  marked: Stretch | null
}) {
  const tree = useMemo(() => fromMarkdown(text), [text])
  const numbers = useMemo(() => new Set([...citations, ...sources].map(({ number }) => number)), [citations, sources])
  const { open, openElsewhere } = useSource()
  const { t } = useTranslation()

  const run = (value: string, node: Nodes): ReactNode =>
    answerPieces(value, node.position?.start.offset ?? 0, numbers, marked).map((piece, index, pieces) => {
      if (piece.kind === 'citation') {
        const citation = citations.find(({ number }) => number === piece.number)
        const elsewhere = sources.find(({ number }) => number === piece.number)
        return (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name than their place
            key={index}
            type="button"
            aria-label={t('talk.openSource', { number: piece.number })}
            onClick={() => (citation ? open(citation) : elsewhere && openElsewhere(elsewhere))}
            className="figures relative -top-[0.28em] ml-px inline-flex h-[1.35em] min-w-[1.35em] items-center justify-center rounded-[0.4em] bg-accent-soft px-[0.35em] align-baseline font-semibold text-[0.72em] text-accent-strong leading-none transition-colors hover:bg-accent hover:text-on-accent"
          >
            {piece.text}
          </button>
        )
      }
      if (piece.kind === 'unsupported') {
        return (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name than their place
            key={index}
            role="img"
            aria-label={t('talk.unsupported')}
            title={t('talk.unsupported')}
            className="relative -top-[0.28em] ml-px inline-flex h-[1.35em] min-w-[1.35em] items-center justify-center rounded-[0.4em] border border-line-strong border-dashed px-[0.3em] align-baseline font-semibold text-[0.72em] text-ink-quiet leading-none"
          >
            ?
          </span>
        )
      }
      // A number never begins a line: it belongs to the word before.
      const words = (pieces[index + 1]?.kind ?? 'text') !== 'text' ? piece.text.replace(/ $/, '\u00a0') : piece.text
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name than their place
      return piece.marked ? <mark key={index}>{words}</mark> : <Fragment key={index}>{words}</Fragment>
    })

  const all = (nodes: readonly (RootContent | PhrasingContent)[]): ReactNode =>
    nodes.map((node) => <Fragment key={node.position?.start.offset}>{one(node)}</Fragment>)

  const one = (node: RootContent | PhrasingContent): ReactNode => {
    switch (node.type) {
      case 'text':
        return run(node.value, node)
      case 'paragraph':
        return <p>{all(node.children)}</p>
      case 'heading':
        return <p className="font-semibold text-ink">{all(node.children)}</p>
      case 'strong':
        return <strong className="font-semibold text-ink">{all(node.children)}</strong>
      case 'emphasis':
        return <em>{all(node.children)}</em>
      case 'inlineCode':
        return <code className="rounded bg-sunken px-1 py-0.5 font-mono text-[0.88em]">{node.value}</code>
      case 'code':
        return (
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable without a mouse
            tabIndex={0}
            className="overflow-x-auto rounded-lg border border-line bg-sunken p-3 font-mono text-[0.85em] leading-normal"
          >
            <code>{node.value}</code>
          </pre>
        )
      case 'list': {
        const List = node.ordered ? 'ol' : 'ul'
        return (
          <List
            start={node.ordered ? (node.start ?? 1) : undefined}
            className={cx('space-y-1.5 pl-5 marker:text-ink-quiet', node.ordered ? 'list-decimal' : 'list-disc')}
          >
            {all(node.children)}
          </List>
        )
      }
      case 'listItem':
        return <li className="space-y-1.5 pl-1">{all(node.children)}</li>
      case 'blockquote':
        return (
          <blockquote className="space-y-2 border-accent-line border-l-2 pl-4 text-ink-soft">
            {all(node.children)}
          </blockquote>
        )
      case 'thematicBreak':
        return <hr className="border-line" />
      case 'break':
        return <br />
      case 'link':
        return /^https?:/i.test(node.url) ? (
          <a
            href={node.url}
            target="_blank"
            rel="noreferrer"
            className="text-accent-strong underline underline-offset-2"
          >
            {all(node.children)}
          </a>
        ) : (
          all(node.children)
        )
      case 'image':
        return node.alt
      case 'html':
        return run(node.value, node)
      default:
        return 'children' in node ? all(node.children as PhrasingContent[]) : null
    }
  }

  return (
    <div className="space-y-3 break-words text-answer text-ink" dir="auto">
      {all(tree.children)}
    </div>
  )
}
