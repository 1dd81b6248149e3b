// One small fetch wrapper for both applications. The session is an HttpOnly
// cookie: no token ever passes through a script. Refusals arrive as
// application/problem+json and leave here as Refusal, with the server's own
// localised words and its messages by field.

import type * as w from './types'

export class Refusal extends Error {
  readonly status: number
  readonly code: string
  /** request id, to be told to the hotline */
  readonly request: string
  readonly fields: ReadonlyMap<string, string>
  /** all messages, also those that belong to no field */
  readonly messages: readonly string[]

  constructor(status: number, code: string, message: string, request: string, errors: readonly { field: string; message: string }[]) {
    super(message)
    this.status = status
    this.code = code
    this.request = request
    this.fields = new Map(errors.filter((e) => e.field).map((e) => [e.field, e.message] as const))
    this.messages = errors.map((e) => e.message)
  }

  /** The message at a field, or at a part of it ("basis" finds "basis[0].law"). */
  at(field: string): string | undefined {
    const exact = this.fields.get(field)
    if (exact) return exact
    for (const [path, message] of this.fields) {
      if (path.startsWith(field + '.') || path.startsWith(field + '[')) return message
    }
    return undefined
  }
}

/** status 0: the server was not reached. */
export const offline = (r: unknown): boolean => r instanceof Refusal && r.status === 0

let language = 'zh-Hans'
export function speak(lang: string): void {
  language = lang
}

export const speaking = (): string => language

let skew = 0
/** The server's time, as its last answer told it: countdowns don't trust the device's clock. */
export const now = (): number => Date.now() + skew

let leave: () => void = () => {}
/** What to do when the server says that nobody is signed in any more. */
export function onSignedOut(fn: () => void): void {
  leave = fn
}

interface Problem { title?: string; detail?: string; code?: string; request_id?: string; errors?: { field: string; message: string }[] }

async function refusal(res: Response): Promise<Refusal> {
  const p = (await res.json().catch(() => ({}))) as Problem
  return new Refusal(res.status, p.code ?? '', p.detail || p.title || String(res.status), p.request_id ?? '', p.errors ?? [])
}

function keepSkew(res: Response): void {
  const date = Date.parse(res.headers.get('Date') ?? '')
  // The header has whole seconds; smaller differences are not worth a jump.
  if (date && Math.abs(date - Date.now()) > 2000) skew = date - Date.now()
}

/** keepalive: the page may be left before the answer; for small bodies only. */
export async function call<T>(method: string, path: string, body?: unknown, rev?: number, keepalive = false): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (rev !== undefined) headers['If-Match'] = `"${rev}"`
  let res: Response
  try {
    res = await fetch('/api/v1' + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      keepalive,
    })
  } catch {
    throw new Refusal(0, 'offline', '', '', [])
  }
  keepSkew(res)
  if (!res.ok) {
    const r = await refusal(res)
    if (r.status === 401 && !path.startsWith('/sessions') && !path.startsWith('/staff-sessions')) leave()
    throw r
  }
  if (res.status === 204) return undefined as T
  return (await res.json().catch(() => undefined)) as T
}

const get = <T>(path: string) => call<T>('GET', path)
const post = <T>(path: string, body: unknown = {}) => call<T>('POST', path, body)
const put = <T>(path: string, body: unknown) => call<T>('PUT', path, body)

/** "?a=1&b=2" of what is set. */
export function query(q: Record<string, string | number | undefined>): string {
  const s = new URLSearchParams()
  for (const [k, v] of Object.entries(q)) if (v !== undefined && v !== '') s.set(k, String(v))
  const text = s.toString()
  return text ? '?' + text : ''
}

const order = (id: string) => '/orders/' + encodeURIComponent(id)
const callback = (id: string) => '/callbacks/' + encodeURIComponent(id)

// Signing in, and what anybody may see.
export const service = () => get<w.Service>('/service')
export const sendCode = (phone: string) => post<{ expires_at: string }>('/codes', { phone })
export const signIn = (phone: string, code: string) => post<{ person: w.Me }>('/sessions', { phone, code })
export const signInStaff = (user: string, password: string, totp: string) => post<{ person: w.Me }>('/staff-sessions', { user, password, totp })
export const signOut = () => call<void>('DELETE', '/sessions/current')
export const me = () => get<w.Me>('/me')
/** What a person tells of himself, by the codes of Appendix B. */
export const elements = () => get<w.Elements>('/me/elements')
export const describe = (values: Record<string, string>) => call<w.Elements>('PATCH', '/me/elements', { values })
export const changeMe = (b: { language?: string; name?: string }) => call<w.Me>('PATCH', '/me', b)
export const regions = (parent?: string) => get<w.List<w.Region>>('/regions' + query({ parent }))
export const problemTypes = () => get<w.List<w.Coded>>('/problem-types')
export const suggest = (question: string) => post<w.List<w.Suggestion>>('/problem-types/suggest', { question })

// Orders.
export interface Ask {
  id: string
  region: string
  question: string
  problem_type: string
  language: string
  contact: { name: string; phone?: string }
  source: string
  attachments?: w.Attach[]
}
export const ask = (b: Ask) => post<w.Order>('/orders', b)
export const orders = (q: { state?: string; date?: string; figure?: string; q?: string; same_person?: string; own?: w.Own; since?: string; until?: string; cursor?: string; limit?: number } = {}) => get<w.List<w.OrderRow>>('/orders' + query(q))
export const getOrder = (id: string) => get<w.Order>(order(id))
/** Files that go with a verb; nothing where there are none. */
const withFiles = (list: w.Attach[]) => (list.length ? { attachments: list } : {})
export const say = (id: string, message: string, text: string, files: w.Attach[] = []) =>
  post<unknown>(order(id) + '/messages', { id: message, text, ...withFiles(files) })
export const fileURL = (id: string, file: string) => '/api/v1' + order(id) + '/attachments/' + encodeURIComponent(file)
export const answer = (id: string, b: w.AnswerBody, rev: number, files: w.Attach[] = []) => call<w.Order>('POST', order(id) + '/answer', { ...b, ...withFiles(files) }, rev)
export const check = (id: string, b: w.AnswerBody) => post<{ items: w.CheckItem[]; own_length: number }>(order(id) + '/answer/check', b)
export const markRead = (id: string) => post<void>(order(id) + '/read')
export const rate = (id: string, rating: string, level: w.Level, comment: string) =>
  post<unknown>(order(id) + '/rating', comment ? { id: rating, level, comment } : { id: rating, level })
export const pass = (id: string, summary: string, reason: string) => post<unknown>(order(id) + '/pass', reason ? { summary, reason } : { summary })
export const addNote = (id: string, note: string, text: string) => post<w.Order>(order(id) + '/notes', { id: note, text })
export const assign = (id: string, lawyer: string) => post<unknown>(order(id) + '/assign', { lawyer })
export const exclude = (id: string, reason: string, note: string) => post<unknown>(order(id) + '/exclusion', { reason, note })
export async function facts(id: string): Promise<w.List<w.Fact>> {
  const items: w.Fact[] = []
  for (let cursor: string | undefined = '0'; cursor !== undefined; ) {
    const page: w.List<w.Fact> = await get<w.List<w.Fact>>(order(id) + '/facts' + query({ cursor }))
    items.push(...page.items)
    cursor = page.next_cursor
  }
  return { items }
}
export const transcriptPath = (id: string, kind: 'pdf' | 'txt', lang: string) => '/api/v1' + order(id) + '/transcript/' + kind + query({ lang })
export const proofPath = (id: string) => '/api/v1' + order(id) + '/proof'

// Complaints and suggestions.
export const complain = (b: w.ComplainBody) => post<w.Complaint>('/complaints', b)
export const complaints = (cursor?: string) => get<w.List<w.Complaint>>('/complaints' + query({ cursor, limit: 20 }))
export const complaintFile = (id: string, file: string) => '/complaints/' + encodeURIComponent(id) + '/attachments/' + encodeURIComponent(file)
export const complaintNumbers = () => get<{ hotline: string }>('/complaint-numbers')

// Call-backs.
export const callbacks = (state: 'open' | 'done') => get<w.List<w.CallbackRow>>('/callbacks' + query({ state, limit: 200 }))
export const getCallback = (id: string) => get<w.Callback>(callback(id))
export const attempt = (id: string, b: { id: string; reached: boolean; note: string }) => post<unknown>(callback(id) + '/attempts', b)
export const result = (id: string, b: w.CallbackResult) => post<unknown>(callback(id) + '/result', b)
export const lawyerCall = (id: string, call: string, summary: string) => post<unknown>(callback(id) + '/lawyer-call', { id: call, summary })
export const closeCallback = (id: string) => post<unknown>(callback(id) + '/close')

// Saved replies.
const saved = (id: string) => '/saved-replies/' + encodeURIComponent(id)
export async function savedReplies(): Promise<w.List<w.Saved>> {
  const items: w.Saved[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page: w.List<w.Saved> = await get<w.List<w.Saved>>('/saved-replies' + query({ cursor }))
    items.push(...page.items)
    cursor = page.next_cursor
  }
  return { items }
}
export const saveReply = (id: string, shared: boolean, t: w.SavedText) => post<w.Saved>('/saved-replies', { id, shared, ...t })
export const changeSaved = (id: string, rev: number, t: w.SavedText) => call<w.Saved>('PUT', saved(id), t, rev)
export const removeSaved = (id: string, rev: number) => call<void>('DELETE', saved(id), undefined, rev)

// The day, the people, the settings.
export const myFigures = () => get<w.OwnFigures>('/lawyers/me/figures')
export const myResults = (cursor?: string) => get<w.List<w.QualityResult>>('/quality/results' + query({ cursor }))
export const figures = (date?: string) => get<w.Figures>('/figures' + query({ date }))
export const reports = () => get<w.Reports>('/reports')
export const inbox = (cursor?: string) => get<w.List<w.Note> & { unread: number }>('/inbox' + query({ cursor }))
export const readNote = (id: string) => post<void>('/inbox/' + encodeURIComponent(id) + '/read')
export const warnings = () => get<w.List<w.Warning>>('/warnings')
export const lawyers = (status?: string) => get<w.List<w.Lawyer>>('/lawyers' + query({ status }))
export const board = () => get<w.Board>('/board')
export const alarms = (q: { state?: string; kind?: string; mine?: string; cursor?: string; limit?: number }) => get<w.List<w.Alarm>>('/alarms' + query(q))
export const alarm = (id: string) => get<w.Alarm>('/alarms/' + encodeURIComponent(id))
export const acknowledge = (id: string, words: string, rev: number) => call<w.Alarm>('POST', `/alarms/${encodeURIComponent(id)}/acknowledge`, { words }, rev)
export const resolve = (id: string, words: string, rev: number) => call<w.Alarm>('POST', `/alarms/${encodeURIComponent(id)}/resolve`, { words }, rev)
export const settings = () => get<w.List<w.Setting>>('/settings')
export const setting = (name: string) => get<w.Setting>('/settings/' + encodeURIComponent(name))
export const setSetting = (name: string, c: w.SettingChange) => put<w.Setting>('/settings/' + encodeURIComponent(name), c)
export const inheritSetting = (name: string, c: w.SettingChange) => post<w.Setting>(`/settings/${encodeURIComponent(name)}/inherit`, c)
export const revertSetting = (name: string, c: w.SettingChange) => post<w.Setting>(`/settings/${encodeURIComponent(name)}/revert`, c)
export const exclusions = (q: { reason?: string; cursor?: string; limit?: number }) => get<w.List<w.Exclusion>>('/exclusions' + query(q))
export const include = (id: string, note: string, rev: number) => call<unknown>('POST', order(id) + '/inclusion', { note }, rev)
export const setStatus = (status: string) => put<unknown>('/lawyers/me/status', { status })
export const statutes = (q: { law?: string; article?: string; q?: string; limit?: number }) => get<w.List<w.Statute>>('/statutes' + query(q))
export const templates = () => get<w.List<w.Template>>('/templates')
export const setTemplate = (name: string, texts: Record<string, string>, from?: string) =>
  put<unknown>('/templates/' + encodeURIComponent(name), from ? { texts, from } : { texts })
/** Finds whom the viewer may erase: by a phone, if it looks like one, else by a name. */
export const findPeople = (who: string) => post<w.List<w.Found>>('/people/find', /^[+\d][\d\s()-]*$/.test(who) ? { phone: who } : { name: who })
export const erase = (person: string, reason: string) => call<unknown>('DELETE', '/people/' + encodeURIComponent(person), { reason })
export const sms = (phone?: string) => get<w.List<w.Sms>>('/screen/sms' + query({ phone }))

// Data in and out (administrators), and the ledgers.
export type ImportState = 'checking' | 'refused' | 'checked' | 'running' | 'done' | 'cancelled'
export interface ImportProblem { row?: number; column?: string; name?: string; key: string; text: string }
export interface Import {
  id: string
  table: 'users' | 'lawyers' | 'orders'
  format: string
  state: ImportState
  name?: string
  rows: number
  kept: number
  wrong: number
  problems: ImportProblem[]
  trouble?: string
  by?: string
  made_at: string
  rev: number
}
export interface ExchangeRules { standard: boolean; fees: boolean; strict: boolean }
const lang = () => ({ lang: language })
export const reportFile = (date: string, kind: string) => `/api/v1/reports/${date}.${kind}` + query(lang())
export const exportFile = (table: string, q: Record<string, string | undefined>) => '/api/v1/exports/' + table + query({ ...q, ...lang() })
export const ledgerFile = (what: 'callbacks' | 'complaints', format: string, q: Record<string, string | undefined>) =>
  '/api/v1/' + (what === 'callbacks' ? 'callbacks/ledger.' : 'complaints/register.') + format + query({ ...q, ...lang() })
export const imports = (cursor?: string) => get<w.List<Import>>('/imports' + query({ cursor }))
export const getImport = (id: string) => get<Import>('/imports/' + encodeURIComponent(id))
export const runImport = (id: string, rev: number) => call<Import>('POST', '/imports/' + encodeURIComponent(id) + '/run', {}, rev)
export const cancelImport = (id: string, rev: number) => call<Import>('POST', '/imports/' + encodeURIComponent(id) + '/cancel', {}, rev)
export const eraseImported = (phone: string) => post<{ rows: number }>('/imported-people/erase', { phone })
export const exchangeRules = () => get<ExchangeRules>('/exchange-rules')
export const setExchangeRules = (r: ExchangeRules) => put<ExchangeRules>('/exchange-rules', r)

/** A file as it is, in the body. */
export async function uploadImport(id: string, q: { table: string; format: string; name: string }, file: Blob): Promise<Import> {
  let res: Response
  try {
    res = await fetch('/api/v1/imports/' + id + query(q), {
      method: 'PUT',
      headers: { Accept: 'application/json', 'Accept-Language': language, 'Content-Type': 'application/octet-stream' },
      body: file,
      credentials: 'same-origin',
    })
  } catch {
    throw new Refusal(0, 'offline', '', '', [])
  }
  if (!res.ok) throw await refusal(res)
  return (await res.json()) as Import
}
