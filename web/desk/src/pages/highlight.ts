// Cuts a text where the server found what was looked for. The server counts
// characters (code points), a JavaScript string UTF-16 units: hence Array.from.

import type { Mark } from '../../../shared/types'

export interface Piece {
  text: string
  hit: boolean
}

/** The whole text in pieces, in order; marks that don't fit are passed over. */
export function pieces(text: string, marks: readonly Mark[] = []): Piece[] {
  const chars = Array.from(text)
  const out: Piece[] = []
  let at = 0
  const put = (to: number, hit: boolean) => {
    if (to > at) out.push({ text: chars.slice(at, to).join(''), hit })
    at = Math.max(at, to)
  }
  for (const m of marks) {
    if (m.from < at || m.to <= m.from || m.to > chars.length) continue
    put(m.from, false)
    put(m.to, true)
  }
  put(chars.length, false)
  return out
}

/** A long text from a little before its first mark. */
export function excerpt(text: string, marks: readonly Mark[] = [], length = 160): { text: string; marks: Mark[] } {
  const chars = Array.from(text)
  if (chars.length <= length) return { text, marks: [...marks] }
  const from = Math.max(0, Math.min((marks[0]?.from ?? 0) - 20, chars.length - length))
  const to = from + length
  const head = from > 0 ? '…' : ''
  return {
    text: head + chars.slice(from, to).join('') + (to < chars.length ? '…' : ''),
    marks: marks.filter((m) => m.from >= from && m.to <= to).map((m) => ({ from: m.from - from + head.length, to: m.to - from + head.length })),
  }
}
