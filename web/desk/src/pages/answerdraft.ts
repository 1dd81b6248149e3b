// A reply as it is being written, and the four rules as far as the page can see
// them; the server decides. (B6.2.1.2b-e)

import { enough, own } from '../../../shared/length'
import type { AnswerBody } from '../../../shared/types'

/** Own characters of a reasoned "no specific basis". */
const reasonEnough = 5

export interface AnswerDraft {
  judgement: string
  text: string
  basis: { law: string; article: string }[]
  noBasis: boolean
  reason: string
  advice: string[]
}

export const beginning = (): AnswerDraft => ({ judgement: '', text: '', basis: [{ law: '', article: '' }], noBasis: false, reason: '', advice: [''] })

/** What is sent: rows left empty are left out. */
export function body(d: AnswerDraft): AnswerBody {
  const b: AnswerBody = {
    judgement: d.judgement,
    text: d.text,
    basis: d.noBasis ? [] : d.basis.map((x) => ({ law: x.law.trim(), article: x.article.trim() })).filter((x) => x.law || x.article),
    advice: d.advice.filter((x) => x.trim()),
  }
  if (d.noBasis) b.no_basis_reason = d.reason
  return b
}

export const rules = ['length', 'judgement', 'basis', 'advice'] as const
export type Rule = (typeof rules)[number]

/** The four rules as far as the page can see them. */
export function seen(d: AnswerDraft): Record<Rule, boolean> {
  const b = body(d)
  return {
    length: own(d.text) >= enough,
    judgement: d.judgement.trim() !== '',
    basis: d.noBasis ? own(d.reason) >= reasonEnough : b.basis.length > 0 && b.basis.every((x) => x.law && x.article),
    advice: b.advice.length > 0,
  }
}
