// Thresholds and formulas as the server sends them with the figures. Rates are
// compared unrounded (T6); an empty denominator is neither met nor missed.

import type { Rate } from '../../shared/types'

export interface Mark {
  text: string
  ok?: boolean
}

interface Limit {
  text?: string
  ok?: boolean | null
  met?: boolean | null
  op?: string
  min?: number
  max?: number
  value?: number
  requirement?: string
}

const object = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null

/** A share of 1; thresholds above 1 are percent. */
const share = (n: number) => (n > 1 ? n / 100 : n)
const percent = (n: number) => `${+(share(n) * 100).toFixed(2)} %`

function compare(rate: unknown, op: string, limit: number): boolean | undefined {
  if (!object(rate)) return undefined
  const { num, den } = rate as unknown as Rate
  if (!den) return undefined
  return op === 'max' ? num <= share(limit) * den : num >= share(limit) * den
}

export function mark(thresholds: Record<string, unknown> | undefined, name: string, value: unknown): Mark {
  const t = thresholds?.[name]
  if (t === undefined || t === null) return { text: '' }
  if (typeof t === 'string') return { text: t }
  if (typeof t === 'number') return withOk({ text: `≥ ${percent(t)}` }, compare(value, 'min', t))
  if (!object(t)) return { text: '' }
  const l = t as Limit
  const top = l.max !== undefined || /<|≤|max/.test(l.op ?? '')
  const limit = l.max ?? l.min ?? l.value
  const text = [l.text ?? (limit !== undefined ? `${top ? '≤' : '≥'} ${percent(limit)}` : ''), l.requirement].filter(Boolean).join(' · ')
  const told = l.ok ?? l.met ?? undefined
  return withOk({ text }, told ?? (limit !== undefined ? compare(value, top ? 'max' : 'min', limit) : undefined))
}

const withOk = (m: Mark, ok: boolean | undefined): Mark => (ok === undefined ? m : { ...m, ok })

export function formulaOf(formulas: unknown, name: string): string {
  const found = Array.isArray(formulas) ? (formulas as unknown[]).find((f) => object(f) && f.name === name) : object(formulas) ? formulas[name] : undefined
  if (typeof found === 'string') return found
  if (!object(found)) return ''
  return [found.formula ?? found.text, found.requirement ?? found.requirements]
    .flat()
    .filter((x): x is string => typeof x === 'string' && x !== '')
    .join(' · ')
}
