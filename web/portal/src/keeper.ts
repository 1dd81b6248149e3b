// Keeps what is typed of a question in the person's account while he types, and finds
// what he began elsewhere. (B5.2.4) No page here, so that it can be tested alone.
//
// The tab's own draft is what is seen, and it wins: nothing replaces it but the person,
// or a newer version of the same question where nothing was typed here since the last
// one was kept. Other questions that he began are offered, never opened over this one.

import { offline, Refusal } from '../../shared/api'
import { blank, region, type Draft } from './askdraft'

/** What was typed, as the wire has it. */
export interface Body {
  step: number
  region: string
  question: string
  problem_type: string
  contact: { name: string }
  attachments: { id: string; name: string }[]
}

/** A begun question as the server has it. */
export interface Begun {
  id: string
  rev: number
  kept_at: string
  expires_at: string
  step: number
  region?: string
  place: { code: string; name: string }[]
  question: string
  problem_type?: { code: string; name: string }
  contact: { name: string }
  attachments: { id: string; name: string; kind?: string; size?: number }[]
}

/** The server, as far as it is needed. */
export interface Wire {
  list(): Promise<Begun[]>
  /** rev 0: the first version; leaving: the page may be gone before the answer */
  put(id: string, body: Body, rev: number, leaving: boolean): Promise<{ rev: number; kept_at: string }>
  drop(id: string, rev: number): Promise<void>
  /** whether the question was asked */
  asked(id: string): Promise<boolean>
}

/**
 * What the person is told: nothing yet; it is kept; it will be, once there is a line;
 * there are too many; another device has changed it; it was sent on another device.
 */
export type How = '' | 'kept' | 'waits' | 'full' | 'stale' | 'sent'
export interface State {
  how: How
  /** when this question was last kept */
  at: string
  /** with "stale": the other device's version */
  other?: Begun
  /** other questions that were begun */
  rest: Begun[]
  /** this one was opened from the account, and when it was kept there */
  opened: string
}

/** What the keeper remembers with a draft, also over a reload. */
export type Memory = Pick<Draft, 'rev' | 'base' | 'tried' | 'owner'>

export const bodyOf = (d: Draft): Body => ({
  step: d.step,
  region: region(d),
  question: d.question.normalize('NFC'),
  problem_type: d.type,
  contact: { name: d.name.normalize('NFC') },
  attachments: d.files.map(({ id, name }) => ({ id, name: name.normalize('NFC') })),
})
const said = (b: Body) => JSON.stringify(b)
const saidOf = (b: Begun) =>
  said({
    step: b.step,
    region: b.region ?? '',
    question: b.question,
    problem_type: b.problem_type?.code ?? '',
    contact: { name: b.contact.name },
    attachments: b.attachments.map(({ id, name }) => ({ id, name })),
  })

/** Whether there is something to go on with: a place alone is chosen again in a moment. */
export const worth = (d: { question: string; files?: unknown[]; attachments?: unknown[] }): boolean =>
  d.question.trim() !== '' || (d.files ?? d.attachments ?? []).length > 0

/** The draft of the page that goes on with a begun question. */
export function resume(b: Begun, owner: string): Draft {
  const code = (n: number) => b.place[n]?.code ?? ''
  const now = saidOf(b)
  return {
    ...blank(),
    id: b.id,
    step: b.step,
    province: code(0),
    city: code(1),
    county: code(2),
    // Who was past the first step had chosen it to the end; the first step finds it anew.
    place: b.step > 1 ? [...new Set(b.place.map((p) => p.name))].join(' ') : '',
    question: b.question,
    type: b.problem_type?.code ?? '',
    typeName: b.problem_type?.name ?? '',
    name: b.contact.name,
    files: b.attachments.map((f) => ({ id: f.id, name: f.name, size: f.size ?? 0, kind: f.kind ?? '' })),
    rev: b.rev,
    base: now,
    tried: now,
    owner,
  }
}

const rest = 2_000 // ms after the last key
const atMost = 10_000 // ms while one types on
const again = 15_000 // ms until a line is tried again

export class Keeper {
  state: State = { how: '', at: '', rest: [], opened: '' }
  private memory: Memory
  private timer: ReturnType<typeof setTimeout> | undefined
  private waiting = 0
  private work: Promise<unknown> = Promise.resolve()
  private over = false

  /** swap puts another draft into the page, mark remembers something with this one. */
  constructor(
    private d: Draft,
    private readonly me: string,
    private readonly wire: Wire,
    private readonly page: { tell(s: State): void; swap(d: Draft): void; mark(id: string, m: Memory): void },
  ) {
    this.memory = d
    if (d.owner && d.owner !== me) this.swap(blank()) // somebody else's: it lies in his account
  }

  private tell(change: Partial<State>): void {
    this.state = { ...this.state, ...change }
    if (!this.over) this.page.tell(this.state)
  }

  private mark(change: Partial<Memory>): void {
    const { rev, base, tried } = { ...this.memory, ...change }
    this.memory = { rev, base, tried, owner: this.me }
    this.page.mark(this.d.id, this.memory)
  }

  private swap(d: Draft): void {
    this.d = d
    this.memory = d
    clearTimeout(this.timer)
    this.timer = undefined
    this.page.swap(d)
  }

  /** One thing after the other. */
  private queue<T>(fn: () => Promise<T>): Promise<T> {
    const next = this.work.then(fn)
    this.work = next.catch(() => {})
    return next
  }

  /** The page has changed. */
  change(d: Draft): void {
    if (d.id !== this.d.id) return // of the one that was before
    const stepped = d.step !== this.d.step
    this.d = d
    if (this.kept()) return
    if (stepped) void this.flush()
    else this.soon()
  }

  private kept(): boolean {
    return worth(this.d) ? said(bodyOf(this.d)) === this.memory.base && this.memory.rev > 0 : this.memory.rev === 0
  }

  private soon(wait = rest): void {
    if (!this.timer) this.waiting = Date.now()
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), Math.max(0, Math.min(wait, this.waiting + Math.max(wait, atMost) - Date.now())))
  }

  /** Keeps what there is now; afterwards the state says whether it is. */
  flush(leaving = false): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    return this.queue(() => this.save(leaving))
  }

  private async save(leaving: boolean): Promise<void> {
    if (this.over || this.kept() || ['stale', 'sent', 'full'].includes(this.state.how)) return
    const { id } = this.d
    try {
      if (!worth(this.d)) {
        await this.wire.drop(id, this.memory.rev)
        this.mark({ rev: 0, base: '', tried: '' })
        this.tell({ how: '', at: '', opened: '' })
        return
      }
      const body = bodyOf(this.d)
      const before = this.memory.tried
      this.mark({ tried: said(body) })
      const got = await this.wire.put(id, body, this.memory.rev, leaving).catch((err: unknown) => {
        if (before && !offline(err)) this.memory.tried = before // what came to the server last
        throw err
      })
      if (id !== this.d.id) return
      this.mark({ rev: got.rev, base: said(body), tried: said(body) })
      this.tell({ how: 'kept', at: got.kept_at })
    } catch (err) {
      if (id === this.d.id) await this.refused(err)
    }
  }

  private async refused(err: unknown): Promise<void> {
    if (!(err instanceof Refusal)) throw err
    if (err.code === 'consult.draft_sent') this.tell({ how: 'sent' })
    else if (err.code === 'consult.drafts_full') {
      this.tell({ how: 'full' })
      await this.look()
    } else if (err.status === 409 || err.status === 404) await this.look()
    else {
      // No line, or the server has no time, or what was typed is refused when it is sent:
      // it is in this tab, and tried again.
      this.tell({ how: 'waits' })
      if (err.status !== 422) this.soon(again)
    }
  }

  /** Looks what the account has: at the beginning, and whenever the page is seen again. */
  open(): Promise<void> {
    if (this.state.how === 'full') this.tell({ how: '' }) // there may be room again
    return this.queue(() => this.look()).catch(() => {})
  }

  private async look(): Promise<void> {
    if (this.over) return
    let all: Begun[]
    try {
      all = await this.wire.list()
    } catch (err) {
      if (!(err instanceof Refusal)) throw err
      if (offline(err) && worth(this.d)) this.tell({ how: 'waits' })
      return
    }
    const mine = all.find((b) => b.id === this.d.id)
    this.tell({ rest: all.filter((b) => b.id !== this.d.id && worth(b)) })
    if (mine) this.compare(mine)
    else if (this.memory.rev > 0) await this.gone()
    else if (worth(this.d) && this.state.how !== 'full' && this.state.how !== 'sent') this.soon(0)
  }

  /** The account has this question, too. */
  private compare(mine: Begun): void {
    const there = saidOf(mine)
    const here = said(bodyOf(this.d))
    if (there === here || there === this.memory.tried || mine.rev === this.memory.rev) {
      this.mark({ rev: mine.rev, base: there, tried: there })
      this.tell({ how: 'kept', at: mine.kept_at, other: undefined })
      if (there !== here) this.soon(0)
    } else if (here === this.memory.base || !worth(this.d)) this.take(mine)
    else this.tell({ how: 'stale', other: mine })
  }

  /** It was kept and is no more: sent on another device, thrown away there, or too old. */
  private async gone(): Promise<void> {
    const sent = await this.wire.asked(this.d.id).catch(() => undefined)
    if (sent === undefined) return // looked for again
    if (sent) this.tell({ how: 'sent' })
    else {
      // What is on the screen stays, and is kept again once it changes.
      this.mark({ rev: 0, base: '', tried: '' })
      this.tell({ how: '', at: '', opened: '' })
    }
  }

  private take(b: Begun): void {
    this.swap(resume(b, this.me))
    this.tell({ how: 'kept', at: b.kept_at, opened: b.kept_at, other: undefined })
  }

  /** Goes on with another begun question; what is here is kept first, or nothing happens. */
  async goOn(b: Begun): Promise<boolean> {
    if (worth(this.d)) {
      await this.flush()
      if (!this.kept()) return false
    }
    this.take(b)
    await this.open()
    return true
  }

  /** Throws one of the others away. */
  async throwAway(b: Begun): Promise<void> {
    await this.queue(() => this.wire.drop(b.id, b.rev)).catch((err: unknown) => {
      if (!(err instanceof Refusal) || ![404, 409].includes(err.status)) throw err // gone already, or changed: seen below
    })
    await this.open()
  }

  /** Throws this one away and begins anew. */
  async anew(): Promise<void> {
    if (this.memory.rev > 0 && this.state.how !== 'sent') {
      await this.queue(() => this.wire.drop(this.d.id, 0)).catch((err: unknown) => {
        if (!(err instanceof Refusal) || err.status !== 404) throw err
      })
    }
    this.swap(blank())
    this.tell({ how: '', at: '', opened: '', other: undefined })
    await this.open()
  }

  /** After "stale": the other device's version, or this one over it. */
  async decide(theirs: boolean): Promise<void> {
    const { other } = this.state
    if (!other) return
    if (theirs) return this.take(other)
    this.mark({ rev: other.rev, base: saidOf(other), tried: saidOf(other) })
    this.tell({ how: '', other: undefined })
    await this.flush()
  }

  /** Before it is sent: false where the person has to look first. */
  async ready(): Promise<boolean> {
    await this.flush()
    return !['stale', 'sent'].includes(this.state.how)
  }

  /** Nothing more is kept: it was sent, or the page is left. */
  end(): void {
    this.over = true
    clearTimeout(this.timer)
  }
}
