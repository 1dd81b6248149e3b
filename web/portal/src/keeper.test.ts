import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Refusal } from '../../shared/api'
import { blank, type Draft } from './askdraft'
import { bodyOf, Keeper, resume, worth, type Begun, type Body, type Wire } from './keeper'

/** The account, with the server's rules; shared by the devices of a test. */
class Account implements Wire {
  rows = new Map<string, Begun>()
  orders = new Set<string>()
  puts = 0
  line: 'up' | 'down' | 'loses the answer' = 'up'
  private clock = 0

  private reach() {
    if (this.line === 'down') throw new Refusal(0, 'offline', '', '', [])
  }
  async list() {
    this.reach()
    return [...this.rows.values()].map((b) => structuredClone(b)).sort((a, b) => b.kept_at.localeCompare(a.kept_at))
  }
  async put(id: string, body: Body, rev: number) {
    this.reach()
    this.puts++
    if (this.orders.has(id)) throw new Refusal(409, 'consult.draft_sent', 'sent', '', [])
    if (body.question.length > 4000) throw new Refusal(422, 'fault.invalid', 'long', '', [])
    const before = this.rows.get(id)
    if ((before?.rev ?? 0) !== rev) throw new Refusal(409, 'fault.stale', 'stale', '', [])
    if (!before && this.rows.size >= 5) throw new Refusal(409, 'consult.drafts_full', 'full', '', [])
    const kept_at = `2026-03-02T00:00:${String(++this.clock).padStart(2, '0')}Z`
    const place = body.region ? [{ code: body.region, name: '某省' }] : []
    const type = body.problem_type ? { problem_type: { code: body.problem_type, name: '劳动' } } : {}
    this.rows.set(id, { id, rev: rev + 1, kept_at, expires_at: '', step: body.step, region: body.region, place, question: body.question, contact: body.contact, attachments: body.attachments, ...type })
    if (this.line === 'loses the answer') throw new Refusal(0, 'offline', '', '', [])
    return { rev: rev + 1, kept_at }
  }
  async drop(id: string, rev: number) {
    this.reach()
    const before = this.rows.get(id)
    if (!before) throw new Refusal(404, 'fault.absent', '', '', [])
    if (rev && rev !== before.rev) throw new Refusal(409, 'fault.stale', '', '', [])
    this.rows.delete(id)
  }
  async asked(id: string) {
    this.reach()
    return this.orders.has(id)
  }
  ask(id: string) {
    this.orders.add(id)
    this.rows.delete(id)
  }
}

/** A tab with the form; reload() is the same tab with a new page. */
class Device {
  d: Draft
  k!: Keeper
  constructor(
    readonly account: Account,
    d: Partial<Draft> = {},
    readonly me = 'me',
  ) {
    this.d = { ...blank(), ...d }
    this.reload()
  }
  reload() {
    this.k?.end()
    this.k = new Keeper(this.d, this.me, this.account, {
      tell: () => {},
      swap: (d) => (this.d = d),
      mark: (id, m) => id === this.d.id && (this.d = { ...this.d, ...m }),
    })
  }
  type(change: Partial<Draft>) {
    this.d = { ...this.d, ...change }
    this.k.change(this.d)
  }
  get how() {
    return this.k.state.how
  }
}

const settle = (ms = 2_000) => vi.advanceTimersByTimeAsync(ms)
let account: Account
beforeEach(() => {
  vi.useFakeTimers()
  account = new Account()
})
afterEach(() => vi.useRealTimers())

// req: B5.2.4
describe('keeper', () => {
  it('keeps what is typed when typing rests, at the latest after ten seconds', async () => {
    const a = new Device(account)
    await a.k.open()
    a.type({ province: '440000', name: '陈' })
    await settle()
    expect(account.puts).toBe(0) // nothing was said yet
    for (const q of ['公', '公司', '公司不']) {
      a.type({ question: q })
      await settle(1_900)
      expect(account.puts).toBe(0)
    }
    await settle(100)
    expect(account.rows.get(a.d.id)).toMatchObject({ question: '公司不', region: '440000', rev: 1 })
    expect(a.how).toBe('kept')
    for (let i = 0; i < 12; i++) {
      a.type({ question: a.d.question + '发' })
      await settle(1_000)
    }
    expect(account.puts).toBe(2)
    a.type({ step: 3 })
    await settle(0)
    expect(account.rows.get(a.d.id)).toMatchObject({ step: 3 }) // at once
    await settle(60_000)
    expect(account.puts).toBe(3) // what is kept is not sent again
  })

  it('goes on after a reload, and offers it on another device', async () => {
    const a = new Device(account)
    a.type({ question: '房东不退押金', step: 2, type: 'housing', files: [{ id: 'f', name: 'a.png', size: 3, kind: 'png' }] })
    await a.k.flush()
    a.reload()
    await a.k.open()
    expect([a.how, a.d.question, account.puts]).toEqual(['kept', '房东不退押金', 1])

    const b = new Device(account, { name: '陈' })
    await b.k.open()
    expect([b.d.question, b.how]).toEqual(['', ''])
    expect(b.k.state.rest.map((x) => x.question)).toEqual(['房东不退押金'])
    expect(await b.k.goOn(b.k.state.rest[0]!)).toBe(true)
    expect(b.d).toMatchObject({ id: a.d.id, question: '房东不退押金', step: 2, type: 'housing', typeName: '劳动', rev: 1 })
    expect(b.d.files.map((f) => f.id)).toEqual(['f'])
    expect([b.how, b.k.state.opened !== '', b.k.state.rest.length]).toEqual(['kept', true, 0])
  })

  it('takes the newer version where nothing was typed since, and asks where something was', async () => {
    const a = new Device(account)
    a.type({ question: '一' })
    await a.k.flush()
    const b = new Device(account)
    await b.k.open()
    await b.k.goOn(b.k.state.rest[0]!)
    b.type({ question: '一二' })
    await b.k.flush()
    await a.k.open() // the page is seen again
    expect([a.d.question, a.d.rev, a.how]).toEqual(['一二', 2, 'kept'])

    b.type({ question: '一二三' })
    await b.k.flush()
    a.type({ question: '一二四' })
    await settle()
    expect([a.how, a.d.question, a.k.state.other?.question]).toEqual(['stale', '一二四', '一二三'])
    expect(account.rows.get(a.d.id)!.question).toBe('一二三')
    a.type({ question: '一二四五' })
    await settle(60_000)
    expect(account.rows.get(a.d.id)!.question).toBe('一二三') // not over it
    expect(await a.k.ready()).toBe(false)
    await a.k.decide(false)
    expect([account.rows.get(a.d.id)!.question, a.how]).toEqual(['一二四五', 'kept'])
    b.type({ question: '一二三六' })
    await settle()
    expect(b.how).toBe('stale')
    await b.k.decide(true)
    expect([b.d.question, b.how, await b.k.ready()]).toEqual(['一二四五', 'kept', true])
  })

  it('tells the first device that it was sent, and sends nothing more', async () => {
    const a = new Device(account)
    a.type({ question: '问' })
    await a.k.flush()
    account.ask(a.d.id)
    a.type({ question: '问问' })
    await settle()
    expect([a.how, await a.k.ready()]).toEqual(['sent', false])
    a.reload()
    await a.k.open()
    expect(a.how).toBe('sent')
    const { id } = a.d
    await a.k.anew()
    expect([a.how, a.d.question, a.d.id !== id]).toEqual(['', '', true])
  })

  it('keeps what lies in the tab when it was thrown away elsewhere, once one types on', async () => {
    const a = new Device(account)
    a.type({ question: '问' })
    await a.k.flush()
    await account.drop(a.d.id, 1)
    await a.k.open()
    expect([a.how, a.d.question, account.rows.size]).toEqual(['', '问', 0])
    a.type({ question: '问题' })
    await settle()
    expect(account.rows.get(a.d.id)!.question).toBe('问题')
  })

  it('loses nothing off line, and goes on when there is a line', async () => {
    const a = new Device(account)
    await a.k.open()
    account.line = 'down'
    a.type({ question: '在地铁里写的' })
    await settle()
    expect([a.how, a.d.question]).toEqual(['waits', '在地铁里写的'])
    expect(await a.k.ready()).toBe(true) // sending says itself that there is no line
    account.line = 'up'
    await settle(15_000)
    expect([a.how, account.rows.get(a.d.id)!.question]).toEqual(['kept', '在地铁里写的'])
  })

  it('knows its own version when an answer was lost', async () => {
    const a = new Device(account)
    a.type({ question: '一' })
    await a.k.flush()
    account.line = 'loses the answer'
    a.type({ question: '一二' })
    await a.k.flush(true)
    account.line = 'up'
    a.reload()
    a.type({ question: '一二三' })
    await settle()
    await settle()
    expect([a.how, account.rows.get(a.d.id)!.question, account.rows.get(a.d.id)!.rev]).toEqual(['kept', '一二三', 3])
  })

  it('lets what was asked before signing in stand, and offers the other', async () => {
    const phone = new Device(account)
    phone.type({ question: '旧的' })
    await phone.k.flush()
    const a = new Device(account, { question: '登录前写的', step: 3 })
    await a.k.open()
    await settle(0)
    expect([a.d.question, a.k.state.rest.map((b) => b.question), account.rows.size]).toEqual(['登录前写的', ['旧的'], 2])
    expect(await a.k.goOn(a.k.state.rest[0]!)).toBe(true)
    expect([a.d.question, a.k.state.rest.map((b) => b.question)]).toEqual(['旧的', ['登录前写的']])
  })

  it('opens no other over what could not be kept', async () => {
    const phone = new Device(account)
    phone.type({ question: '旧的' })
    await phone.k.flush()
    const a = new Device(account)
    await a.k.open()
    account.line = 'down'
    a.type({ question: '新的' })
    expect(await a.k.goOn(a.k.state.rest[0]!)).toBe(false)
    expect(a.d.question).toBe('新的')
  })

  it('says when there are too many, and keeps it once there is room', async () => {
    for (let i = 0; i < 5; i++) await account.put('d' + i, bodyOf({ ...blank(), question: 'q' + i }), 0)
    const a = new Device(account)
    await a.k.open()
    a.type({ question: '第六个' })
    await settle()
    const { puts } = account
    expect([a.how, a.k.state.rest.length]).toEqual(['full', 5])
    a.type({ question: '第六个问题' })
    await settle(60_000)
    expect(account.puts).toBe(puts) // it doesn't ask and ask
    await a.k.throwAway(a.k.state.rest[0]!)
    await settle(0)
    expect([a.how, account.rows.get(a.d.id)?.question]).toEqual(['kept', '第六个问题'])
  })

  it('throws away what was emptied, and begins anew', async () => {
    const a = new Device(account)
    a.type({ question: '问' })
    await a.k.flush()
    a.type({ question: ' ' })
    await settle()
    expect([account.rows.size, a.d.rev, a.how]).toEqual([0, 0, ''])
    a.type({ question: '再问' })
    await settle()
    await a.k.anew()
    expect([account.rows.size, a.d.question]).toEqual([0, ''])
  })

  it('shows nobody what another person left in the tab', async () => {
    const a = new Device(account)
    a.type({ question: '甲的问题' })
    await a.k.flush()
    const b = new Device(new Account(), a.d, 'another')
    await b.k.open()
    expect(b.d.question).toBe('')
    await settle(60_000)
    expect(b.account.rows.size).toBe(0)
  })

  it('keeps nothing after the end', async () => {
    const a = new Device(account)
    a.type({ question: '问' })
    a.k.end()
    await settle(60_000)
    await a.k.flush()
    expect(account.puts).toBe(0)
  })

  it('says the same of a draft and of what the server has of it', () => {
    const d = { ...blank(), step: 2, province: '440000', city: '440100', question: 'e\u0301', type: 'labour', name: '陈', files: [{ id: 'f', name: 'a.png', size: 1, kind: 'png' }] }
    expect(bodyOf(d)).toMatchObject({ region: '440100', question: '\u00e9' })
    const b: Begun = { id: d.id, rev: 7, kept_at: '', expires_at: '', step: 2, region: '440100', place: [{ code: '440000', name: '广东省' }, { code: '440100', name: '广州市' }], question: '\u00e9', problem_type: { code: 'labour', name: '劳动' }, contact: { name: '陈' }, attachments: [{ id: 'f', name: 'a.png' }] }
    const again = resume(b, 'me')
    expect(again).toMatchObject({ province: '440000', city: '440100', county: '', place: '广东省 广州市', rev: 7, owner: 'me' })
    expect(again.files[0]!.kind).toBe('') // it never arrived
    expect(JSON.stringify(bodyOf(again))).toBe(again.base)
    expect([worth(d), worth(blank()), worth({ question: ' ', attachments: [{}] })]).toEqual([true, false, true])
  })
})
