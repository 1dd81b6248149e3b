// Thresholds of Table 1 beside the figures, in per cent. Rates are compared
// unrounded (T6); without a denominator a target is neither met nor missed.

import type { Rate } from '../../../shared/types'

export const isRate = (v: unknown): v is Rate => typeof v === 'object' && v !== null && 'num' in v && 'den' in v

/** The names under which the server sends a figure's threshold. */
const thresholdOf: Record<string, string> = {
  reply_rate: 'reply',
  callback_rate: 'callback',
  participation: 'participation',
  satisfaction: 'satisfaction',
}

/** Targets of the standard that no organisation changes (B7.T1e, B7.T1f, B7.1.2.2a). */
const standard: Record<string, { percent: number; most?: true }> = {
  fatal_error_rate: { percent: 2, most: true },
  non_fatal_error_rate: { percent: 10, most: true },
  complaint_callback_rate: { percent: 100 },
}

export interface Mark {
  percent: number
  /** it may not be more; otherwise not less */
  most?: true
  /** undefined: there is no rate yet */
  met: boolean | undefined
}

export function mark(thresholds: Record<string, number> | undefined, figure: string, value: unknown): Mark | undefined {
  const percent = thresholds?.[thresholdOf[figure] ?? '']
  const target = percent === undefined ? standard[figure] : { percent }
  if (!target) return undefined
  const by = isRate(value) && value.den > 0 ? value.num * 100 - value.den * target.percent : undefined
  return { ...target, met: by === undefined ? undefined : target.most ? by <= 0 : by >= 0 }
}

/** The requirements that a formula names: "(B7.T1b, T5)". */
export const sources = (formula: string): string => (formula.match(/\b(?:B\d|T\d)[\w.]*/g) ?? []).join(', ')
