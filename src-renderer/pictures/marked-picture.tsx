import type { DocumentPlace } from '../../src-core/contract/index.ts'
import { cx } from '../ui/class-names.ts'

export type Box = NonNullable<DocumentPlace['box']>

/** A picture with a frame around a part of it. Its size is kept before it is there. */
export function MarkedPicture({
  address,
  alt,
  width,
  height,
  mark,
  className,
}: {
  address: string | undefined
  alt: string
  width: number
  height: number
  mark: Box | null
  className?: string
}) {
  const percent = (part: number) => `${part * 100}%`
  return (
    <span className="relative block w-fit max-w-full">
      {address ? (
        <img src={address} alt={alt} width={width} height={height} className={cx('h-auto w-auto', className)} />
      ) : (
        <span className={cx('block bg-hover', className)} style={{ width, aspectRatio: `${width} / ${height}` }} />
      )}
      {address && mark && (
        <span
          aria-hidden
          data-region
          className="-m-1 pointer-events-none absolute box-content rounded-sm border-2 border-accent bg-accent/15 p-0.5"
          style={{ left: percent(mark[0]), top: percent(mark[1]), width: percent(mark[2]), height: percent(mark[3]) }}
        />
      )}
    </span>
  )
}
