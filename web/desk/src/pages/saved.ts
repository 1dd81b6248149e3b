// Saved replies as far as they are arithmetic: where a "/" opens their list, which
// fit, what stands for a placeholder, and what a macro fills in.

import table from '../../../../internal/base/text/simple.txt?raw'
import type { Order, Saved } from '../../../shared/types'
import type { AnswerDraft } from './answerdraft'

const simple = new Map(
  table
    .slice(table.indexOf('\n'))
    .split(/\s+/)
    .filter(Boolean)
    .map((pair) => [...pair] as [string, string]),
)

/** As the server's search has it: lower case, traditional characters as simplified ones. */
export const fold = (s: string): string => [...s.normalize('NFKC').toLowerCase()].map((c) => simple.get(c) ?? c).join('')

/**
 * The word that is being looked for at the caret, with the place of its "/"; undefined
 * where there is none. A "/" opens the list at the start of a word: not in 2026/3, in
 * and/or or in an address. "／" does too, and "、" at the start of a line, which is
 * what the key gives under many Chinese input methods.
 */
export function asked(text: string, caret: number): { from: number; words: string } | undefined {
  const before = text.slice(0, caret)
  const m = /(?<![A-Za-z0-9/:.])[/／]([^\s/／]{0,32})$/.exec(before) ?? /(?<=^|\n)、([^\s、]{0,32})$/.exec(before)
  return m ? { from: m.index, words: m[1]! } : undefined
}

const most = 8

/** Those that fit, the nearest first: by keyword, by title, by what they say. */
export function fitting(all: readonly Saved[], words: string): Saved[] {
  const w = fold(words)
  const rank = (s: Saved): number => {
    if (w === '') return s.shared ? 1 : 0
    const title = fold(s.title)
    if (fold(s.keyword ?? '').startsWith(w)) return 0
    if (title.startsWith(w)) return 1
    if (title.includes(w)) return 2
    return fold([s.text, s.judgement, ...(s.advice ?? [])].join('\n')).includes(w) ? 3 : -1
  }
  return all
    .map((s) => ({ s, r: rank(s) }))
    .filter((x) => x.r >= 0)
    .sort((a, b) => a.r - b.r || a.s.title.localeCompare(b.s.title, 'zh'))
    .slice(0, most)
    .map((x) => x.s)
}

export const placeholders = ['name', 'lawyer', 'date', 'number', 'problem', 'region'] as const
export type Placeholder = (typeof placeholders)[number]
export type Values = Record<Placeholder, string>

export const valuesOf = (o: Order, lawyer: string, date: string): Values => ({
  name: o.contact.name,
  lawyer,
  date,
  number: o.number,
  problem: o.problem_type.name,
  region: o.region.name,
})

/** {name} and its like replaced; what we don't know, or is empty, stays for the lawyer to see. */
export const resolve = (text: string, v: Values): string => text.replace(/\{(\w+)\}/g, (all, k: string) => v[k as Placeholder] || all)

export const isMacro = (s: Saved): boolean => !!(s.judgement || s.basis?.length || s.advice?.length)

/** What a saved reply puts in at the caret of a field. */
export const inserted = (s: Saved, field: 'text' | 'judgement', v: Values): string => resolve(field === 'judgement' ? s.judgement || s.text : s.text, v)

/** The other parts of an answer that a macro fills in; what is there stays. */
export function filled(d: AnswerDraft, s: Saved, field: 'text' | 'judgement', v: Values): Partial<AnswerDraft> {
  const change: Partial<AnswerDraft> = {}
  const add = (have: string, more: string | undefined) => (more && !have.includes(resolve(more, v)) ? [have.trim(), resolve(more, v)].filter(Boolean).join('\n') : have)
  if (field === 'text') change.judgement = add(d.judgement, s.judgement)
  else if (s.judgement) change.text = add(d.text, s.text)
  if (s.basis?.length) {
    const have = d.basis.filter((b) => b.law.trim() || b.article.trim())
    change.basis = [...have, ...s.basis.filter((b) => !have.some((h) => h.law === b.law && h.article === b.article))]
    change.noBasis = false
  }
  if (s.advice?.length) {
    const have = d.advice.filter((x) => x.trim())
    change.advice = [...have, ...s.advice.map((x) => resolve(x, v)).filter((x) => !have.includes(x))]
  }
  return change
}
