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

export interface Mark {
  percent: number
  /** undefined: there is no rate yet */
  met: boolean | undefined
}

export function mark(thresholds: Record<string, number> | undefined, figure: string, value: unknown): Mark | undefined {
  const percent = thresholds?.[thresholdOf[figure] ?? '']
  if (percent === undefined) return undefined
  return { percent, met: isRate(value) && value.den > 0 ? value.num * 100 >= value.den * percent : undefined }
}

/** The requirements that a formula names: "(B7.T1b, T5)". */
export const sources = (formula: string): string => (formula.match(/\b(?:B\d|T\d)[\w.]*/g) ?? []).join(', ')
