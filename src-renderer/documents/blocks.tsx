import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocumentBlock } from '../../src-core/contract/index.ts'
import { useFormats } from '../i18n/format.ts'
import { cx } from '../ui/class-names.ts'
import type { Stretch } from './occurrences.ts'
import { beginsAt, blockAt, piecesOf } from './reading.ts'
import { tableRows } from './table-rows.ts'
import { useDocumentWords } from './words.ts'

/** Height of a block before it is measured, in pixels. */
const LIKELY_HEIGHT = 64

export interface BlocksHandle {
  /** Brings a block into the middle of the sight. */
  show(index: number): void
}

interface Marks {
  passage: Stretch | null
  found: readonly Stretch[]
  current: Stretch | null
}

/** The text of a document, block by block; only what is in sight is drawn. */
export function Blocks({
  handle,
  title,
  before,
  blocks,
  onHear,
  ...marks
}: Marks & {
  handle: Ref<BlocksHandle>
  title: string
  before: ReactNode
  blocks: readonly DocumentBlock[]
  /** Plays from a second; null where nothing sounds. */
  onHear: ((second: number) => void) | null
}) {
  const scroller = useRef<HTMLElement>(null)
  const top = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: blocks.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LIKELY_HEIGHT,
    overscan: 12,
    scrollMargin: top.current?.offsetHeight ?? 0,
    paddingEnd: 96,
  })
  useImperativeHandle(handle, () => ({ show: (index) => virtualizer.scrollToIndex(index, { align: 'center' }) }), [
    virtualizer,
  ])
  const { passage } = marks
  const start = passage?.start
  useLayoutEffect(() => {
    if (start !== undefined) virtualizer.scrollToIndex(blockAt(blocks, start), { align: 'center' })
    else scroller.current?.scrollTo({ top: 0 })
  }, [virtualizer, blocks, start])
  // A long block may hold the marked words far from its middle.
  const { current } = marks
  useEffect(() => {
    if (!current) return
    const frame = requestAnimationFrame(() =>
      scroller.current?.querySelector('mark[data-current]')?.scrollIntoView({ block: 'center' }),
    )
    return () => cancelAnimationFrame(frame)
  }, [current])
  return (
    <section
      ref={scroller}
      aria-label={title}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a mouse
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto px-6 outline-offset-[-2px] md:px-10"
    >
      <div ref={top} className="mx-auto max-w-[46rem]">
        {before}
      </div>
      <div className="relative mx-auto max-w-[46rem]" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start: from }) => {
          const block = blocks[index]
          if (!block) return null
          return (
            <div
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${from - virtualizer.options.scrollMargin}px)` }}
            >
              {beginsAt(block, blocks[index - 1]) && <PlaceLine block={block} />}
              <div className={(block.place?.second !== undefined && 'flex items-start gap-3') || undefined}>
                {block.place?.second !== undefined && <Second second={block.place.second} onHear={onHear} />}
                <Block block={block} marks={marks} />
              </div>
            </div>
          )
        })}
      </div>
    </section>
  )
}

/** Says where in the document what follows stands: a page, a slide, a sheet. */
function PlaceLine({ block }: { block: DocumentBlock }) {
  const { place } = useDocumentWords()
  const { row: _, ...where } = block.place ?? {}
  const words = place(where)
  if (!words) return null
  return (
    <p className="figures flex items-center gap-3 pt-6 pb-2 text-ink-quiet text-meta">
      {words}
      <span aria-hidden className="h-px flex-1 bg-line" />
    </p>
  )
}

function Second({ second, onHear }: { second: number; onHear: ((second: number) => void) | null }) {
  const { t } = useTranslation()
  const { duration } = useFormats()
  if (!onHear) {
    return <span className="figures mt-2 shrink-0 px-1 text-ink-quiet text-meta">{duration(second)}</span>
  }
  return (
    <button
      type="button"
      aria-label={t('documents.hearFrom', { time: duration(second) })}
      onClick={() => onHear(second)}
      className="figures mt-2 shrink-0 rounded px-1 text-accent-strong text-meta underline-offset-4 hover:underline"
    >
      {duration(second)}
    </button>
  )
}

function Block({ block, marks }: { block: DocumentBlock; marks: Marks }) {
  switch (block.kind) {
    case 'heading':
      return <Heading block={block} marks={marks} />
    case 'list':
      return (
        <p
          className="relative py-1 text-answer [overflow-wrap:anywhere]"
          style={{ paddingInlineStart: `${1.25 * Math.min(6, block.level ?? 1)}rem` }}
          dir="auto"
        >
          <Text block={block} marks={marks} />
        </p>
      )
    case 'table':
      return <Table block={block} marks={marks} />
    case 'code':
      return (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable without a mouse
          tabIndex={0}
          className="my-2 overflow-x-auto rounded-lg border border-line bg-sunken p-3 font-mono text-[0.85em] leading-normal"
        >
          <code>
            <Text block={block} marks={marks} />
          </code>
        </pre>
      )
    default:
      return (
        <p className="whitespace-pre-wrap py-2 text-answer [overflow-wrap:anywhere]" dir="auto">
          <Text block={block} marks={marks} />
        </p>
      )
  }
}

const HEADING_LOOKS = ['text-title pt-6', 'text-words-small pt-5', 'text-answer pt-4']

/** The title of the document is the first heading on the screen, so its own begin at the third. */
function Heading({ block, marks }: { block: DocumentBlock; marks: Marks }) {
  const level = Math.max(1, block.level ?? 1)
  const Name = `h${Math.min(6, level + 2)}` as 'h3'
  return (
    <Name
      className={cx(
        'pb-1 font-semibold [overflow-wrap:anywhere]',
        HEADING_LOOKS[Math.min(level, HEADING_LOOKS.length) - 1],
      )}
      dir="auto"
    >
      <Text block={block} marks={marks} />
    </Name>
  )
}

function Table({ block, marks }: { block: DocumentBlock; marks: Marks }) {
  return (
    <div
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable without a mouse
      tabIndex={0}
      className="my-2 overflow-x-auto rounded-lg border border-line"
    >
      <table className="w-full border-collapse text-ui">
        <tbody>
          {tableRows(block).map((row) => (
            <tr key={row[0]?.start} className="border-line border-b last:border-0">
              {row.map((cell) => (
                <td
                  key={cell.start}
                  className="min-w-20 border-line border-r px-3 py-1.5 align-top last:border-0"
                  dir="auto"
                >
                  <Text block={cell} marks={marks} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Text({ block, marks }: { block: Pick<DocumentBlock, 'text' | 'start' | 'end'>; marks: Marks }) {
  return piecesOf(block, marks.passage, marks.found, marks.current).map(({ text, mark }, index) =>
    mark === 'none' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name than their place
      <span key={index}>{text}</span>
    ) : (
      <mark
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name than their place
        key={index}
        data-current={mark === 'current' ? true : undefined}
        className={
          mark === 'current'
            ? 'outline-2 outline-accent'
            : mark === 'found'
              ? 'outline-1 outline-accent-line'
              : undefined
        }
      >
        {text}
      </mark>
    ),
  )
}
