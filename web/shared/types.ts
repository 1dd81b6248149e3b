// The wire, as the HTTP contract has it. Times are RFC 3339 strings (UTC).

export type Role = 'citizen' | 'lawyer' | 'operations' | 'quality' | 'bureau' | 'administrator'
export type State = 'waiting' | 'assigned' | 'answered' | 'closed' | 'excluded'
export type Level = 'very_satisfied' | 'satisfied' | 'general' | 'dissatisfied' | 'very_dissatisfied'
export type Verb = 'message' | 'answer' | 'pass' | 'read' | 'rate' | 'exclude' | 'assign' | 'note'

/** The five levels, best first (T7: the last three are "not satisfied"). */
export const levels: readonly Level[] = ['very_satisfied', 'satisfied', 'general', 'dissatisfied', 'very_dissatisfied']

export interface List<T> { items: T[]; next_cursor?: string }
export interface Coded { code: string; name: string }
export interface Region extends Coded { level: string }
export interface Suggestion extends Coded { score: number }
export interface Person { id: string; name: string; firm?: string }

export interface Service {
  name: string
  demo: boolean
  sms_screen: boolean
  answer_within_minutes: number
  hotline?: string
  talk_opens?: string
  video_opens?: string
}

export interface Me {
  id: string
  roles: Role[]
  name?: string
  org: { id: string; name: string; level: string }
  language: string
  unread: number
  /** a lawyer's: online, busy or away */
  status?: string
}

/** Somebody who was looked for, to be erased. */
export interface Found {
  id: string
  name?: string
  /** with its middle hidden */
  phone?: string
  roles: Role[]
  org: string
  made_at: string
}

export interface Clock { started_at: string; warn_at: string[]; due_at: string; passed_minutes: number }
/** What a person told of himself, and what he can tell (Appendix B). */
export interface Elements {
  table: 'users' | 'lawyers'
  fields: Element[]
  values: Record<string, string>
  missing: string[]
}
export interface Element {
  code: string
  name: string
  must: 'always' | 'if_any' | 'optional' | 'standard' | 'fees' | 'strict'
  kind: string
  max: number
}

/** A file of an order. */
export interface Attachment { id: string; name: string; kind: string; size: number; width?: number; height?: number; erased?: boolean }
/** A file that was uploaded and goes with a verb. */
export interface Attach { id: string; name: string }
export interface Message { id: string; n: number; role: 'citizen' | 'lawyer' | 'system'; text: string; at: string; erased?: boolean; attachments: Attachment[] }
export interface Basis { law: string; article: string; checked?: boolean }
export interface Answer {
  opening: string
  text: string
  judgement: string
  basis: Basis[]
  no_basis_reason?: string
  advice: string[]
  disclaimer: string
  closing: string
  at: string
  attachments: Attachment[]
}

export type ComplaintKind = 'complaint' | 'suggestion'
export const complaintKinds: readonly ComplaintKind[] = ['complaint', 'suggestion']

/** A complaint or suggestion as its citizen sees it. */
export interface Complaint {
  id: string
  rev: number
  number: string
  kind: ComplaintKind
  state: 'collected' | 'called' | 'registered' | 'closed'
  text: string
  attachments: Attachment[]
  /** what the viewer may do now */
  can: string[]
  erased?: boolean
  order?: { id: string; number: string }
  received_at: string
  next: { text: string; by?: string }
  /** numbers of help, to be shown at once */
  help?: string
  result?: string
}
export interface ComplainBody {
  id: string
  kind: ComplaintKind
  text: string
  language: string
  channel: 'web'
  order?: string
}

/** The states of a call-back's ledger row. */
export type CallbackState = 'open' | 'called' | 'recorded' | 'closed'

export interface OrderRow {
  id: string
  rev: number
  number: string
  title: string
  state: State
  region: Coded
  problem_type: Coded
  asked_at: string
  answer_by: string
  answered_at?: string
  lawyer?: Person
  breach: boolean
  rating_level?: Level
  warn_level: number
  /** a lawyer owes an answer or a reply: the clock runs */
  awaiting?: boolean
  last_at: string
}

export interface Order {
  id: string
  rev: number
  number: string
  title: string
  state: State
  region: Coded
  problem_type: Coded
  language: string
  question: string
  contact: { name: string; phone_masked?: string }
  source: string
  asked_at: string
  answer_by: string
  answered_at?: string
  read_at?: string
  closed_at?: string
  lawyer?: Person
  match_reason?: string
  breach: boolean
  /** files beside the question */
  attachments: Attachment[]
  messages: Message[]
  answer?: Answer
  rating?: { level: Level; comment?: string; at: string }
  callback?: { id: string; state: CallbackState; due_at: string }
  /** staff only */
  exclusion?: { reason: string; note: string; by: string; at: string }
  /** staff only: what staff wrote to each other */
  notes?: StaffNote[]
  /** staff only: summaries with which it was passed on, the newest first */
  handovers?: { from?: string; summary: string; at: string; erased?: boolean }[]
  /** the person was erased: what was said can't be read any more */
  erased?: boolean
  next: { text: string; by?: string }
  clock?: Clock
  can: Verb[]
}

export interface StaffNote { id: string; author?: string; role: 'lawyer' | 'staff'; text: string; at: string; erased?: boolean }

/** What a saved reply says; with more than text it is a macro. */
export interface SavedText {
  title: string
  keyword?: string
  text: string
  judgement?: string
  basis?: { law: string; article: string }[]
  advice?: string[]
}
export interface Saved extends SavedText { id: string; rev: number; shared: boolean; mine: boolean; at: string }

/** A figure of a lawyer's own that opens orders. */
export type Own = 'answered' | 'in_time' | 'late' | 'rated' | 'satisfied' | 'non_satisfied' | 'refused'
export interface OwnPeriod extends Record<Own, number> {
  since: string
  until: string
  timely_answer_rate: Rate
  participation: Rate
  satisfaction: Rate
  callbacks_done: number
  callback_rate: Rate
  elsewhere: number
  median_minutes: number
  quality: { inspected: number; disputed: number; fatal: number; fatal_rate: Rate; minor: number; minor_rate: Rate }
}
export interface OwnFigures { today: OwnPeriod; days: OwnPeriod; thresholds: Record<string, number> }
export interface QualityResult { id: string; order: string; number: string; problem: string; month: string; state: string; sampled_at: string; result?: { fatal: boolean; minor: boolean; final: boolean } }

export interface AnswerBody {
  judgement: string
  text: string
  basis: { law: string; article: string }[]
  no_basis_reason?: string
  advice: string[]
}
export interface CheckItem { rule: string; ok: boolean; message: string }

export interface Fact { at: string; actor_role: string; sentence: string; words?: string; leaf?: number }
export interface Note { id: string; kind: string; text: string; order?: string; at: string; read_at?: string }
export interface Warning { order: { id: string; number: string }; level: number; at: string; lawyer?: Person }
export interface Lawyer {
  id: string
  name: string
  firm: string
  status: string
  load: number
  rating?: { rated: number; satisfied: number; points: number }
  areas: string[]
  regions: string[]
  languages: string[]
}
/** A place in a text: half-open, in characters (code points). */
export interface Mark { from: number; to: number }
export interface Statute { law: string; article: string; text: string; law_marks?: Mark[]; text_marks?: Mark[] }

export interface CallbackRow {
  id: string
  order: { id: string; number: string; title: string }
  level: Level
  due_at: string
  state: CallbackState
  lawyer_due_at?: string
  lawyer_called_at?: string
  overdue: boolean
}
export interface Attempt { id: string; reached: boolean; note: string; at: string }
export interface Callback extends CallbackRow {
  contact: { name: string; phone: string }
  question: string
  answer?: Answer
  comment?: string
  attempts: Attempt[]
  result?: Partial<CallbackResult>
  lawyer_call?: { summary: string; at: string }
  /** what is still to do before it can be closed, in the reader's words */
  missing?: string[]
}
export interface CallbackResult {
  reason_category: string
  reason: string
  details: string
  legal_question: boolean
  service_violation: boolean
  feedback: string
}

export interface Rate { num: number; den: number; text: string }
export interface Figures {
  date: string
  live: boolean
  leaf: number
  excluded: { reason: string; count: number }[]
  answer_minutes: { mean: number; median: number; p95: number; max: number }
  /** in per cent */
  thresholds: Record<string, number>
  /** by figure, with the requirement */
  formulas: Record<string, string>
  /** counts and rates by their names */
  [figure: string]: unknown
}
export interface Report { date: string; leaf: number; due_at: string; made_at: string; version: number; mail?: 'waiting' | 'sent' | 'failed' }
export interface Reports extends List<Report> { next: { date: string; due_at: string } }

export type BoardMark = 'met' | 'near' | 'missed' | 'few' | 'none'
export interface BoardPoint { at: string; num: number; den?: number }
export interface BoardFigure {
  code: string
  group: 'now' | 'day' | 'complaints' | 'quality' | 'lawyers' | 'excluded'
  name: string
  unit: 'count' | 'percent' | 'minutes'
  num: number
  den?: number
  text: string
  threshold?: { op: string; value: number; text: string }
  mark: BoardMark
  requirement: string
  formula: string
  opens: { what: 'counted' | 'of' | 'short'; path: string; query: Record<string, string>; count: number }[]
  hours: BoardPoint[]
  days: BoardPoint[]
}
export interface Board { at: string; behind: number; behind_since?: string; date: string; zone: string; org: { id: string; name: string; level: string }; figures: BoardFigure[] }

export interface Said { text: string; erased?: boolean }
export interface Alarm {
  id: string
  rev: number
  kind: string
  title: string
  severe: boolean
  state: 'open' | 'acknowledged' | 'resolved'
  org: string
  number?: string
  opens?: { kind: 'order' | 'complaint' | 'orders'; id?: string }
  opened_at: string
  owner?: string
  mine: boolean
  acknowledged_at?: string
  words?: Said
  escalated: boolean
  resolved_at?: string
  resolved_by_hand: boolean
  result?: Said
  history?: { at: string; sentence: string; by?: string; words?: Said }[]
}

export interface Named { id: string; name: string }
export interface SettingVersion { version: number; value?: unknown; cleared: boolean; from: string; at: string; by?: string; reason?: string; erased?: boolean; in_force: boolean }
export interface Setting {
  name: string
  title: string
  hint: string
  labels: Record<string, string>
  value: unknown
  default: unknown
  from?: string
  set_by?: Named
  own: boolean
  version: number
  planned: number
  can_set: boolean
  history?: SettingVersion[]
  below?: { org: Named; version: number }[]
}
export interface SettingChange { version: number; reason: string; from?: string; value?: unknown; to?: number }

export interface Exclusion { id: string; rev: number; number: string; asked_at: string; reason: string; note: string; erased?: boolean; by: string; at: string }
export interface Template { name: string; version: number; texts: Record<string, string>; from?: string }
export interface Sms { phone: string; text: string; at: string }
