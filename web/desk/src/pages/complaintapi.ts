// Complaints as staff handle them. (A citizen's own: shared/api.ts.)

import { call, query } from '../../../shared/api'
import type { Coded, Complaint, ComplaintKind, List } from '../../../shared/types'

/** What the viewer may do now. */
export type ComplaintVerb = 'call' | 'record' | 'flag' | 'acknowledge' | 'file' | 'attach' | 'close'

export interface Sensitive {
  /** '' where nobody flagged it */
  category?: string
  name?: string
  hints: string[]
  by_words: boolean
  reported_at?: string
  acknowledge_by?: string
  acknowledged_at?: string
  escalated: boolean
  needs_filing: boolean
  filing?: Filing
}
export interface Filing { number: string; date: string; authority: string }
export interface Entry { kind: ComplaintKind; reason_category: string; reason: string; measure: string; result: string }
export interface Call { id: string; n: number; at: string; reached: boolean; reason?: string; counts: boolean }

export interface Case extends Complaint {
  channel: string
  call_by: string
  called_at?: string
  closed_at?: string
  can: ComplaintVerb[]
  log?: { at: string; text: string; words?: string }[]
  staff?: {
    name?: string
    phone?: string
    registered_by?: string
    overdue: boolean
    in_time?: boolean
    calls: Call[]
    register?: Entry & { at: string; by?: string }
    sensitive: Sensitive
    missing: string[]
  }
}

export interface ComplaintFilter { state?: string; month?: string; date?: string; sensitive?: string; overdue?: string; order?: string; cursor?: string; limit?: number }
export interface TakenDown { id: string; kind: ComplaintKind; channel: string; text: string; name?: string; phone?: string; order?: string; received_at?: string; language: string }
export interface ComplaintCodes { reason_categories: Coded[]; sensitivities: Coded[]; channels: Coded[] }

const one = (id: string, verb = '') => '/complaints/' + encodeURIComponent(id) + verb
export const list = (f: ComplaintFilter) => call<List<Case>>('GET', '/complaints' + query({ ...f }))
export const read = (id: string) => call<Case>('GET', one(id))
export const codes = () => call<ComplaintCodes>('GET', '/complaints/codes')
export const takeDown = (b: TakenDown) => call<Case>('POST', '/complaints/register', b)
export const noteCall = (c: Case, b: { id: string; reached: boolean; reason?: string }) => call<Case>('POST', one(c.id, '/calls'), b, c.rev)
export const register = (c: Case, b: Entry) => call<Case>('POST', one(c.id, '/result'), b, c.rev)
export const flag = (c: Case, category: string, note: string) => call<Case>('POST', one(c.id, '/flag'), { category, note }, c.rev)
export const acknowledge = (c: Case) => call<Case>('POST', one(c.id, '/acknowledge'), {}, c.rev)
export const file = (c: Case, b: Filing) => call<Case>('POST', one(c.id, '/filing'), b, c.rev)
export const close = (c: Case) => call<Case>('POST', one(c.id, '/close'), {}, c.rev)
