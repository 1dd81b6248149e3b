// The quality check: samples with their score cards, rates and draws, interventions,
// and what they go by.

import { call, query } from '../../../shared/api'
import type { Attachment, List } from '../../../shared/types'

export interface Lawyer { id: string; name: string; nickname: string; firm: string }
export type SampleState = 'open' | 'checked' | 'disputed' | 'differing' | 'final' | 'void'
export interface Sample {
  id: string
  order: string
  rev: number
  number: string
  problem: string
  month: string
  lawyer?: Lawyer
  /** at random; otherwise a person added it */
  drawn: boolean
  state: SampleState
  sampled_at: string
  due_at?: string
  result?: { fatal: boolean; minor: boolean; final: boolean }
}
export interface Mark { item: string; note?: string }
export interface Detail extends Sample {
  reply: {
    question: string
    title: string
    region: string
    asked_at: string
    answered_at: string
    late: boolean
    opening: string
    answer: { judgement: string; text: string; basis: { law: string; article: string }[]; no_basis_reason?: string; advice: string[] }
    basis_known: boolean[]
    disclaimer: string
    closing: string
    messages: { role: 'citizen' | 'lawyer' | 'system'; at: string; text: string; attachments: Attachment[] }[]
    question_attachments: Attachment[]
    answer_attachments: Attachment[]
    rating?: string
    comment?: string
    erased: boolean
  }
  items: { code: string; fatal: boolean; text: string }[]
  hints: { text: string; item?: string }[]
  checks: { round: number; at: string; marks: Mark[]; summary?: string }[]
  /** why a person added it */
  reason?: string
  /** the lawyer's words */
  dispute?: string
  can: ('check' | 'dispute')[]
}
export interface SampleFilter { month?: string; lawyer?: string; state?: string; result?: string; source?: string; mine?: string; cursor?: string; limit?: number }

const sample = (id: string, verb = '') => '/quality/samples/' + encodeURIComponent(id) + verb
export const samples = (f: SampleFilter) => call<List<Sample>>('GET', '/quality/samples' + query({ ...f }))
export const results = (f: { month?: string; cursor?: string }) => call<List<Sample>>('GET', '/quality/results' + query(f))
export const read = (id: string) => call<Detail>('GET', sample(id))
export const fileOf = (id: string, file: string) => '/api/v1' + sample(id, '/attachments/' + encodeURIComponent(file))
export const add = (order: string, reason: string) => call<Detail>('POST', '/quality/samples', { order, reason })
export const check = (s: Sample, b: { id: string; marks: Mark[]; summary?: string }) => call<Detail>('POST', sample(s.id, '/checks'), b, s.rev)
export const dispute = (s: Sample, words: string) => call<Detail>('POST', sample(s.id, '/dispute'), { words }, s.rev)

export interface Rate { num: number; den: number; text: string; exceeds: boolean }
export interface Count { sampled: number; inspected: number; disputed: number; fatal: Rate; minor: Rate }
export interface Rates { lawyer_id?: string; lawyer?: Lawyer; population?: number; drawn: Count; added: Count }
export interface Limits { sample_percent: number; dispute_days: number; recheck_days: number; fatal_percent: number; minor_percent: number; warn_percent: number; warn_days: number; warn_ratings: number }
export interface Draw { at: string; leaf: number; seed: string; percent: number; population: number; orders: string[]; same: boolean }
export interface Catalogue { version: number; from?: string; items: { code: string; fatal: boolean; text: Record<string, string> }[] }
export const rates = (month: string, cursor?: string) => call<List<Rates> & { limits: Limits; total: Rates }>('GET', '/quality/rates' + query({ month, cursor, limit: 50 }))
export const draws = (lawyer: string, month: string) => call<List<Draw>>('GET', '/quality/draws' + query({ lawyer, month }))
export interface HandDraw extends Draw { id: string; lawyer: string; by?: string; reason?: string; from: string; to: string; given?: string; fresh: number }
export interface ToDraw { id: string; lawyer: string; from: string; to: string; percent: number; seed?: string; reason: string }
export const handDraws = (lawyer: string, cursor?: string) => call<List<HandDraw>>('GET', '/quality/hand-draws' + query({ lawyer, cursor, limit: 20 }))
export const drawByHand = (b: ToDraw) => call<HandDraw>('POST', '/quality/hand-draws', b)
export const catalogue = () => call<Catalogue>('GET', '/quality/catalogue')
export const limits = () => call<Limits & { version: number; from?: string }>('GET', '/quality/limits')

export const categories = ['knowledge', 'attitude', 'timeliness', 'clarity', 'workload', 'expectation', 'platform', 'other'] as const
export interface Intervention {
  id: string
  rev: number
  state: 'open' | 'closed' | 'lapsed'
  lawyer?: Lawyer
  opened_at: string
  closed_at?: string
  category?: (typeof categories)[number]
  measures: number
  satisfaction: { num: number; den: number; text: string }
}
export interface InterventionDetail extends Intervention {
  cause?: string
  checks: string[]
  conclusion?: string
  taken: { id: string; kind: 'talk' | 'training'; words: string; at: string }[]
}
const intervention = (id: string, verb = '') => '/interventions/' + encodeURIComponent(id) + verb
export const interventions = (f: { state?: string; cursor?: string; limit?: number }) => call<List<Intervention>>('GET', '/interventions' + query(f))
export const readIntervention = (id: string) => call<InterventionDetail>('GET', intervention(id))
export const analyse = (x: Intervention, b: { category: string; cause: string; checks: string[] }) => call<InterventionDetail>('PUT', intervention(x.id, '/analysis'), b, x.rev)
export const measure = (x: Intervention, b: { id: string; kind: string; words: string }) => call<InterventionDetail>('POST', intervention(x.id, '/measures'), b)
export const conclude = (x: Intervention, conclusion: string) => call<InterventionDetail>('POST', intervention(x.id, '/close'), { conclusion }, x.rev)
