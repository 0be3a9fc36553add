import { useEffect, useState } from 'react'

/** Milliseconds in which an element that has just gone may still be fetching its address. */
const LINGER_MS = 10_000

/** A blob as an address for an element of this page, while that element is there. */
export function useObjectAddress(blob: Blob | undefined): string | undefined {
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    if (!blob) return
    const made = URL.createObjectURL(blob)
    setAddress(made)
    return () => {
      setTimeout(() => URL.revokeObjectURL(made), LINGER_MS)
      setAddress(undefined)
    }
  }, [blob])
  return address
}
