import { Progress as Primitive } from 'radix-ui'

/** How far something is; `share` from 0 to 1, null while nobody knows. */
export function ProgressBar({ label, share }: { label: string; share: number | null }) {
  return (
    <Primitive.Root
      aria-label={label}
      value={share === null ? null : Math.round(share * 100)}
      className="h-1 w-full overflow-hidden rounded-full bg-line"
    >
      <Primitive.Indicator
        className={
          share === null ? 'h-full w-1/3 animate-wait bg-accent' : 'h-full origin-left bg-accent transition-transform'
        }
        style={share === null ? undefined : { transform: `scaleX(${share})` }}
      />
    </Primitive.Root>
  )
}
