// A whole shift, from the first question to the report in the post, in a real browser
// against the real program on a clock that stands until it is moved (mingfa stage).
//
// Thirty questions come in: six in the browser, in both scripts and at both widths, one
// with a picture; the others through the public API, with the calls that the portal makes,
// for speed. Two lawyers work by keyboard alone (keys.mjs refuses all else); one passes an
// order on, one order breaks the 120 minutes. Citizens read and rate, one complains; one
// is called back. Operations own the warnings. The day closes, its report goes out by
// mail; the next day the drawn replies are inspected, one result is disputed and decided.
//
// What it does it counts in its own variables (Tally), and in the end compares: the
// board, the page of the day, the report's CSV, XLSX and PDF, the mail.
// req: B5.2.1 B5.2.2 B5.3e B5.3g B6.1b B6.2.1.1 B6.2.1.1b B6.2.1.2d B7.1.2.2a B7.1.2.3a-c B7.1.3.1a B7.1.3.2 B7.1.3.2b B7.2.4a B7.3.2.1 B7.T1a-f

import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { articles, asked } from './asked.mjs'
import { pick } from './flow.mjs'
import { Keys } from './keys.mjs'
import { csv, pdf, rowOf, xlsx } from './papers.mjs'
import { png } from './png.mjs'
import { post } from './post.mjs'
import { codeFor, start, totp, until } from './server.mjs'
import { Tally } from './tally.mjs'
import { Watch } from './watch.mjs'

const monday = '2026-03-02'
const tuesday = '2026-03-03'
const wednesday = '2026-03-04'
const pair = ['lawyer9', 'lawyer10'] // who take every kind of question
const others = [1, 2, 3, 4, 5, 6, 7, 8, 11, 12].map((n) => 'lawyer' + n)
const recipient = 'ribao@example.com'
const summary = '已问清入职时间和工资流水，还要说明双倍工资和仲裁时效。'
const fault = '引用的条款与案情不符，复核后请改正。'
const defence = '当事人问的正是这一条规定的情形，请复核。'
const grievance = '回复我看不懂，打电话也没有人接，希望有人跟我说清楚。'

/** n-th phone of a made-up citizen. */
const phoneOf = (n) => '1370000' + String(2000 + n)

/** A rate on a page of the desk; a rate of nothing has a word there, and n/a in files. */
const shown = (rate) => (rate.den ? rate.text : '不适用')

/** A UUIDv7, as the portal makes it. */
function newID() {
  const b = randomBytes(16)
  b.writeUIntBE(Date.now(), 0, 6)
  b[6] = (b[6] & 0x0f) | 0x70
  b[8] = (b[8] & 0x3f) | 0x80
  return b.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/**
 * @param {{ program: string, out: string, browser: import('playwright-core').Browser }} with
 * @returns {Promise<Watch>}
 */
export async function shift({ program, out, browser }) {
  const laws = join(out, 'articles.jsonl')
  writeFileSync(laws, articles.map((a) => JSON.stringify(a) + '\n').join(''))
  const mailbox = await post()
  const none = ['--limit-reads', '0', '--limit-writes', '0', '--limit-public', '0'] // they count by a clock that stands
  const server = await start(
    [program, 'stage', '--data', '{data}', '--listen', '127.0.0.1:0', '--from', `${monday}T08:00:00+08:00`, '--statutes', laws, ...none,
      '--mail', 'smtp+plain://' + mailbox.address, '--mail-from', 'mingfa@example.com', '--report-to', recipient],
    join(out, 'shift.log'),
  )
  const watch = new Watch(server.base, out)
  const day = new Shift({ server, watch, browser, mailbox, out })
  try {
    await day.open()
    await day.monday()
    await day.night(tuesday)
    await day.tuesday()
    await day.night(wednesday)
    await day.reports()
    watch.ok('shift: the shift is complete', true)
  } catch (e) {
    watch.ok('shift: the shift is complete', false, e.stack)
    await day.failed()
  } finally {
    for (const page of Object.values(day.pages)) await page.context().close()
    await server.stop(async () => {
      const { stdout } = await promisify(execFile)(program, ['verify', '--data', server.data]).catch((e) => ({ stdout: e.stdout + e.stderr }))
      watch.ok('shift: verify holds', /^ok facts=\d+ unsealed=0 .* bad=0$/m.test(stdout), stdout)
    })
    await mailbox.stop()
  }
  return watch
}

class Shift {
  constructor(parts) {
    Object.assign(this, parts, { began: Date.now(), n: 0, tally: new Tally(), pages: {}, citizens: new Map() })
  }

  // The stage.

  /** Moves the clock to a moment of a day in the zone of the service. */
  async at(time, date = this.date) {
    this.date = date
    await this.server.step(`${date}T${time}:00+08:00`)
  }

  now() {
    return Date.parse(this.server.now())
  }

  /** A picture of a station, with all that is checked of every screen. */
  async station(who, name) {
    const title = `shift-${String(++this.n).padStart(2, '0')}-${name}`
    console.log(`  ${title} (${Math.round((Date.now() - this.began) / 1000)} s)`)
    if (who instanceof Keys) await who.picture(this.watch, title)
    else await this.watch.screen(who, title)
  }

  ok(what, holds, detail = '') {
    this.watch.ok('shift: ' + what, holds, detail)
  }

  same(what, got, wanted) {
    const [a, b] = [got, wanted].map((x) => JSON.stringify(x))
    this.ok(what, a === b, `${a}, and what was done is ${b}`)
  }

  async page(who, width = 1440) {
    const context = await this.browser.newContext({ viewport: { width, height: width < 500 ? 740 : 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' })
    context.setDefaultTimeout(20_000)
    this.pages[who] = this.watch.listen(await context.newPage(), who)
    return this.pages[who]
  }

  async failed() {
    for (const [who, page] of Object.entries(this.pages)) await page.screenshot({ path: join(this.out, `shift-failed-${who}.png`) }).catch(() => {})
  }

  async api(method, path, body, token) {
    const headers = { 'Accept-Language': 'zh-Hans', ...(body && { 'Content-Type': 'application/json' }), ...(token && { Authorization: 'Bearer ' + token }) }
    const res = await fetch(this.server.base + '/api/v1' + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    const text = await res.text()
    if (!res.ok) throw new Error(`${method} ${path}: ${res.status} ${text}`)
    return text ? JSON.parse(text) : undefined
  }

  credentials(user) {
    return { user, password: this.server.demo.password, totp: totp(this.server.demo.totp_secret, this.now()) }
  }

  // Before the door opens: ten lawyers are away, two and the others are at their desks.

  async open() {
    await this.at('08:20', monday)
    for (const user of others) {
      const { token } = await this.api('POST', '/staff-sessions', { ...this.credentials(user), bearer: true })
      await this.api('PUT', '/lawyers/me/status', { status: 'away' }, token)
    }
    this.lawyers = []
    for (const user of pair) this.lawyers.push(await Lawyer.at(this, user))
    for (const user of ['operator1', 'quality1', 'quality2', 'admin1']) await this.page(user)
    await this.signIn()
    await this.lawyers[1].speak('zh-Hant-HK')
    for (const l of this.lawyers) await l.save()
    await this.station(this.lawyers[0].keys, 'saved-reply')
  }

  /** Everybody comes to work; sessions last for a shift. */
  async signIn() {
    for (const l of this.lawyers) await l.signIn()
    for (const user of ['operator1', 'quality1', 'quality2', 'admin1']) {
      const page = this.pages[user]
      await page.context().clearCookies()
      await page.goto('about:blank')
      await page.goto(this.server.base + '/desk/')
      const { password, totp } = this.credentials(user)
      await page.locator('#user').fill(user)
      await page.locator('#password').fill(password)
      await page.locator('#totp').fill(totp)
      await page.locator('form button[type=submit]').click()
      await page.locator('.side nav').waitFor()
    }
  }

  async desk(user, path) {
    const page = this.pages[user]
    await page.goto('about:blank')
    await page.goto(`${this.server.base}/desk/#${path}`)
    await page.locator('h1').first().waitFor()
    return page
  }

  // Monday.

  async monday() {
    await this.at('08:30')
    await this.questions(0, 10)
    await this.lawyers[0].queue()
    await this.station(this.lawyers[0].keys, 'queue')
    this.late = this.tally.ids()[9] // which nobody will answer in time
    const [first] = this.lawyers
    await this.at('08:41')
    await this.passOn(first)
    await this.answerAll()

    await this.at('09:31') // the late one is at its 60 minutes
    await this.questions(10, 20)
    await this.at('09:52')
    await this.answerAll()

    await this.warned()
    await this.breach()

    await this.at('11:00')
    await this.questions(20, 30)
    await this.at('11:23')
    await this.answerAll()
    await this.at('12:05')
    await this.rate()
    await this.at('13:30')
    await this.complain()
    await this.at('14:10')
    await this.satisfaction()
    await this.callBack()
    await this.at('15:20')
    await this.handleComplaint()
    await this.at('17:30')
    await this.board('monday')
    await this.figuresOfDay(monday, 'day')
  }

  /** Questions from..to: those that a browser asks, and the others. */
  async questions(from, to) {
    for (let n = from; n < to; n++) {
      const q = asked[n]
      const inBrowser = [0, 1, 12, 13, 22, 25].includes(n)
      const id = inBrowser ? await this.askInBrowser(n, q) : await this.askByCalls(n, q)
      this.tally.asked(id, this.now(), q)
    }
  }

  /** As the portal does it, without its pages. */
  async askByCalls(n, q) {
    const phone = phoneOf(n)
    await this.api('POST', '/codes', { phone })
    const code = await codeFor(this.server.base, phone)
    const { token } = await this.api('POST', '/sessions', { phone, code, bearer: true })
    const id = newID()
    await this.api('POST', '/orders', { id, region: '440106', question: q.question, problem_type: q.type, language: q.lang, contact: { name: `群众${n + 1}` }, source: 'web' }, token)
    this.citizens.set(id, { token })
    return id
  }

  async askInBrowser(n, q) {
    const page = await this.page('citizen' + n, n % 2 ? 360 : 1440)
    await page.goto(this.server.base + '/')
    await page.locator(`.langs button[lang="${q.lang}"]`).click()
    await page.waitForFunction((l) => document.documentElement.lang === l, q.lang)
    await page.locator('a.entry.main').click()
    for (const [id, code] of [['province', '440000'], ['city', '440100'], ['county', '440106']]) {
      await page.locator(`#${id} option[value="${code}"]`).waitFor({ state: 'attached' })
      await page.locator('#' + id).selectOption(code)
    }
    await this.forward(page)
    await page.locator('#question').fill(q.question)
    await page.locator(`#type option[value="${q.type}"]`).waitFor({ state: 'attached' })
    await page.locator('#type').selectOption(q.type)
    if (n === 0) {
      await page.locator('#files').setInputFiles({ name: '工资条.png', mimeType: 'image/png', buffer: png(120, 40) })
      await page.locator('ul.files li').waitFor()
      await this.station(page, 'ask')
    }
    await this.forward(page)
    await page.locator('#name').fill(q.lang === 'zh-Hans' ? '陈女士' : '陳女士')
    await page.locator('#phone').fill(phoneOf(n))
    await page.locator('#phone').press('Tab')
    const sent = page.waitForResponse((r) => r.url().endsWith('/codes'))
    await page.keyboard.press('Enter')
    await sent
    await page.locator('#code').fill(await codeFor(this.server.base, phoneOf(n)))
    await page.locator('form button.primary').click()
    await page.waitForURL(/#\/orders\/[^/]+\/sent$/)
    await page.locator('.note.good [role=timer]').waitFor()
    if (n <= 1) await this.station(page, 'sent')
    const id = /orders\/([^/]+)\/sent/.exec(page.url())[1]
    this.citizens.set(id, { page })
    return id
  }

  async forward(page) {
    const step = await page.locator('progress.progress').getAttribute('value')
    await page.locator('form button.primary').click()
    await page.waitForFunction((s) => document.querySelector('progress.progress')?.getAttribute('value') !== s, step)
  }

  /** Both lawyers at once, each through his queue but for the order that will be late. */
  async answerAll() {
    await Promise.all(this.lawyers.map((l) => l.answerAll((id) => id !== this.late)))
  }

  async passOn(from) {
    const id = (await from.queue()).find((x) => x !== this.late)
    await from.passOn(id)
    this.passed = { id, to: this.lawyers.find((l) => l !== from) }
    const rows = await this.passed.to.queue()
    this.ok('what was passed on is with the other lawyer', rows.includes(id), rows.join(' '))
  }

  /** 90 minutes: operations are warned, and one owns it. */
  async warned() {
    await this.at('10:00')
    const page = await this.desk('operator1', '/alarms')
    const row = page.locator('tr[data-kind=order_late][data-state=open]')
    await row.waitFor()
    await this.station(page, 'warning')
    await this.own(page, row, '已电话提醒值班律师')
    const mine = page.locator('tr[data-kind=order_late][data-state=acknowledged]')
    await mine.waitFor()
    this.alarm = await mine.getAttribute('data-alarm')
    await this.station(page, 'warning-owned')
  }

  async own(page, row, words) {
    await row.locator('[data-act=acknowledge]').click()
    await page.locator('.ant-modal textarea').fill(words)
    await page.locator('.ant-modal form button[type=submit]').click()
    await page.locator('.ant-modal form').waitFor({ state: 'detached' })
  }

  /** 120 minutes and a minute: the breach is on the board and in the warning; then it is answered. */
  async breach() {
    await this.at('10:31')
    this.tally.breached(this.late)
    const page = await this.desk('operator1', '/board')
    await page.locator('[data-figure=breaches]').waitFor()
    this.same('the board shows the breach', await this.card(page, 'breaches'), { num: 1, text: '1', parts: '' })
    this.same('its clock stands past the limit', (await this.card(page, 'clock_120')).num, 1)
    await this.station(page, 'breach-on-board')
    await page.locator('[data-figure=breaches] .value a').click()
    await page.locator('table.stack tbody tr').first().waitFor()
    this.same('the figure opens the order', await page.locator(`table.stack tbody a[href="#/orders/${this.late}"]`).count(), 1)
    const warning = await this.desk('operator1', '/alarms/' + this.alarm)
    await warning.locator('.facts li').nth(1).waitFor()
    await this.station(warning, 'breach-warning')
    await this.desk('operator1', '/today')
    await page.locator('.warnings li').first().waitFor()

    await this.at('10:38')
    const holders = []
    for (const l of this.lawyers) if ((await l.queue()).includes(this.late)) holders.push(l)
    this.same('one lawyer has the late order', holders.length, 1)
    await holders[0].answer(this.late, 'late')
    await this.desk('operator1', '/alarms/' + this.alarm)
    await until('the warning to be over', async () => (await this.pages.operator1.evaluate(async (id) => (await fetch('/api/v1/alarms/' + id)).json(), this.alarm)).state === 'resolved')
  }

  /** Citizens read and rate; one below satisfied. Those without a browser do it by the same calls. */
  async rate() {
    const ids = this.tally.ids()
    const unhappy = ids[1] // in traditional script, at 360 px
    this.unhappy = unhappy
    const rated = new Map([[unhappy, 'general'], [ids[0], 'very_satisfied'], ...ids.slice(2, 14).map((id, i) => [id, i % 3 ? 'satisfied' : 'very_satisfied'])])
    for (const [id, level] of rated) {
      const { page, token } = this.citizens.get(id)
      if (page) await this.rateInBrowser(page, id, level)
      else {
        await this.api('POST', `/orders/${id}/read`, {}, token)
        await this.api('POST', `/orders/${id}/rating`, { id: newID(), level }, token)
      }
      this.tally.rated(id, level)
    }
  }

  async rateInBrowser(page, id, level) {
    await page.goto(`${this.server.base}/#/orders/${id}`)
    await page.locator('.reply').waitFor()
    if (id === this.unhappy || id === this.tally.ids()[0]) await this.station(page, 'read')
    await page.locator(`.level input[value=${level}]`).check()
    if (level === 'general') await page.locator('#comment').fill('說得太深，看不明白下一步要做甚麼')
    await page.locator('form.rate button.primary').click()
    await page.locator('#rated').waitFor()
    if (level === 'general') await this.station(page, 'rated')
  }

  /** From the screen of an order, two taps. */
  async complain() {
    const id = this.tally.ids()[12]
    const { page } = this.citizens.get(id)
    await page.goto(`${this.server.base}/#/orders/${id}`)
    await page.locator(`main a[href^="#/complain?order=${id}"]`).click()
    await page.locator('#text').fill(grievance)
    await this.station(page, 'complain')
    await page.locator('form button.primary').click()
    await page.locator('section.card b').first().waitFor()
    await this.station(page, 'complaint-received')
    this.tally.complained(id)
  }

  /** Satisfaction below its mark is a warning too; somebody owns it. */
  async satisfaction() {
    const page = await this.desk('operator1', '/alarms')
    const row = page.locator('tr[data-kind=satisfaction][data-state=open]')
    await row.waitFor()
    await this.own(page, row, '逐条复查不满意的评价')
    await page.locator('tr[data-kind=satisfaction][data-state=acknowledged]').waitFor()
    this.same('no warning is without an owner', await page.locator('tr[data-state=open]').count(), 0)
  }

  /** Called back, a legal question remains: the lawyer calls within the hour, by keyboard; closed. */
  async callBack() {
    const page = await this.desk('operator1', '/callbacks')
    await page.locator('a.row').first().waitFor()
    this.same('one call-back is due', await page.locator('a.row').count(), 1)
    await this.station(page, 'callbacks')
    await page.locator('a.row').first().click()
    await page.locator('input[name=reached]').first().check()
    await page.locator('#try-note').fill('本人接听')
    await page.locator('form:has(#try-note) button').click()
    await page.locator('#category').waitFor()
    await pick(page, '#category', 'unclear')
    await page.locator('#reason').fill('法律词语太多，看不懂')
    await page.locator('#details').fill('想知道要带什么材料、去哪里办')
    await page.locator('#feedback').fill('已致歉，律师一小时内再致电')
    await page.locator('form:has(#category) input[type=checkbox]').first().check()
    await page.locator('form:has(#category) button').click()
    await page.locator('section[aria-labelledby=lc] [role=timer]').waitFor()
    await this.station(page, 'callback')
    const id = /callbacks\/([^/?]+)/.exec(page.url())[1]

    await this.at('14:40')
    await this.tally.get(this.unhappy).by.callBack(id)
    await this.desk('operator1', '/callbacks/' + id)
    await page.locator('.close-callback').click()
    await page.locator('.line .state.answered').waitFor()
    this.tally.calledBack(this.unhappy)
  }

  /** Called, registered, closed: each step when the one before is done. */
  async handleComplaint() {
    const page = await this.desk('operator1', '/complaints')
    await page.locator('tr[data-complaint] a').first().click()
    await page.locator('article[data-state=collected]').waitFor()
    this.ok('no register and no end before the call', !(await page.locator('#r-reason, .close-complaint').count()))
    await page.locator('input[name=reached]').first().check()
    await page.locator('#call-reason').fill('回复里的词语看不懂，热线占线')
    await page.locator('form:has(#call-reason) button').click()
    await page.locator('#r-category').waitFor()
    await pick(page, '#r-category')
    for (const [k, words] of [['reason', '回复未解释法律词语'], ['measure', '律师重新说明，热线增加一人'], ['result', '已向您逐条说明，并致歉']]) await page.locator('#r-' + k).fill(words)
    await this.station(page, 'complaint-register')
    await page.locator('form:has(#r-category) button[type=submit]').click()
    await page.locator('.close-complaint').click()
    await page.locator('article[data-state=closed]').waitFor()
    await this.station(page, 'complaint-closed')
    this.tally.complaintClosed()
  }

  // Nights.

  /** At 01:00 the day before is reported and mailed, at 02:00 its replies are drawn. */
  async night(date) {
    for (const page of Object.values(this.pages)) await page.goto('about:blank') // nobody sits before a page over night
    const before = this.mailbox.mails.length
    await this.at('00:59', date)
    this.same('no report before 01:00', this.mailbox.mails.length, before)
    await this.at('01:05')
    this.same('the report goes out', this.mailbox.mails.length, before + 1)
    await this.at('02:10')
    await this.at('08:30')
    await this.signIn()
  }

  // Tuesday.

  async tuesday() {
    await this.receipt()
    await this.quality()
    await this.at('17:30')
    await this.board('tuesday')
  }

  /** The mail was taken, and the desk shows it. */
  async receipt() {
    const page = await this.desk('operator1', '/reports')
    const row = page.locator('table.stack tbody tr', { hasText: monday })
    await row.locator('.state.good').nth(1).waitFor()
    this.same('made on time, and mailed', await row.locator('.state.good').count(), 2)
    await this.station(page, 'reports')
  }

  async quality() {
    const wanted = this.tally.drawn()
    const page = await this.desk('quality1', '/quality/samples')
    await page.locator('tr[data-sample]').first().waitFor()
    const ids = await page.locator('tr[data-sample]').evaluateAll((rows) => rows.map((r) => r.getAttribute('data-sample')))
    this.same('as many are drawn as the share of each lawyer asks for', ids.length, wanted)
    await this.station(page, 'samples')
    // The first has a fatal item, the second another, the third none.
    for (const [i, id] of ids.entries()) await this.check('quality1', id, ['basis_wrong', 'wording_errors'][i], i === 0 ? fault : '')
    await page.locator('[data-round="1"]').waitFor()
    await this.desk('quality1', '/quality/samples/' + ids[0])
    await page.locator('[data-round="1"]').waitFor()
    await this.station(page, 'checked')

    await this.at('09:40')
    const id = ids[0]
    const accused = await this.disputes(id)
    await this.at('10:15')
    await this.second(id)
    await this.at('11:00')
    await this.third(id)
    await accused.sees(id)
    this.tally.inspected(wanted, 0, Math.min(wanted - 1, 1))
    this.same('an intervention opened for each lawyer below his mark', await this.interventions(), this.tally.below().length)
  }

  /** Marks an item, or none, and submits. */
  async check(user, id, item, words) {
    const page = await this.desk(user, '/quality/samples/' + id)
    await page.locator('form.score').waitFor()
    if (item) await page.locator(`[data-item=${item}] input`).check()
    if (words) await page.locator('#note-' + item).fill(words)
    if (item === 'basis_wrong') await this.station(page, 'score-card')
    await page.locator('form.score button[type=submit]').click()
    await page.locator('form.score').waitFor({ state: 'detached' })
  }

  /** The lawyer whose result it is says no, by keyboard. */
  async disputes(id) {
    for (const l of this.lawyers) if (await l.dispute(id)) return l
    throw new Error('no lawyer has the result')
  }

  /** Who made the first check may not make the second; who makes it knows neither card nor dispute. */
  async second(id) {
    const first = await this.desk('quality1', '/quality/samples/' + id)
    await first.locator('article[data-state=disputed]').waitFor()
    this.ok('who made the first check has no second card', !(await first.locator('form.score').count()))
    const page = await this.desk('quality2', '/quality/samples')
    await page.locator(`tr[data-sample="${id}"]`).waitFor()
    await this.desk('quality2', '/quality/samples/' + id)
    await page.locator('form.score').waitFor()
    const shown = await page.locator('main').innerText()
    const told = JSON.stringify(await page.evaluate(async (s) => (await fetch('/api/v1/quality/samples/' + s)).json(), id))
    this.ok('the second check is blind', ![fault, defence].some((w) => shown.includes(w) || told.includes(w)) && !(await page.locator('[data-round]').count()))
    await this.station(page, 'second-check')
    await this.check('quality2', id)
    await page.locator('article[data-state=differing]').waitFor()
  }

  /** The two differ: an administrator decides. */
  async third(id) {
    const page = await this.desk('admin1', '/quality/samples')
    await page.locator(`tr[data-sample="${id}"]`).waitFor()
    await this.desk('admin1', '/quality/samples/' + id)
    await page.locator('form.score').waitFor()
    this.same('who decides reads both cards and the dispute first', await page.evaluate(() => [...document.querySelectorAll('.person-pane > *')].map((e) => e.querySelectorAll('[data-round]').length)), [2, 0])
    this.ok('and the words of both', (await page.locator('.person-pane').innerText()).includes(fault) && (await page.locator('.person-pane').innerText()).includes(defence))
    await this.station(page, 'third-check')
    await this.check('admin1', id)
    await page.locator('article[data-state=final]').waitFor()
  }

  async interventions() {
    const page = await this.desk('quality1', '/interventions')
    await page.locator('.card.empty, tr[data-intervention]').first().waitFor()
    await this.station(page, 'interventions')
    return page.locator('tr[data-intervention]').count()
  }

  // What came of it.

  /** A card of the board: its number, its text, and its parts if it is a rate. */
  async card(page, code) {
    const card = page.locator(`[data-figure=${code}]`)
    const parts = card.locator('.value small')
    return { num: Number(await card.getAttribute('data-value')), text: await card.locator('.value a, .value b').first().innerText(), parts: (await parts.count()) ? await parts.innerText() : '' }
  }

  async board(when) {
    const page = await this.desk('operator1', '/board')
    await page.locator('[data-figure=fatal_error_rate]').waitFor()
    await this.station(page, 'board-' + when)
    for (const [code, wanted] of Object.entries(this.tally.board(when === 'monday'))) {
      const got = await this.card(page, code)
      const rate = typeof wanted === 'object'
      this.same(`board ${when} ${code}`, rate ? [got.text, got.parts] : got.num, rate ? [shown(wanted), wanted.den ? `${wanted.num} / ${wanted.den}` : ''] : wanted)
    }
  }

  /** The page of a day, figure by figure. */
  async figuresOfDay(date, wantedOf) {
    const page = await this.desk('operator1', '/today?date=' + date)
    await page.locator('tr[data-figure=complaints_received]').waitFor()
    await this.station(page, 'figures-' + wantedOf)
    for (const [code, wanted] of Object.entries(this.tally.report(wantedOf))) {
      const row = page.locator(`tr[data-figure=${code}] td`).first()
      const got = (await row.innerText()).trim()
      this.same(`page of ${date} ${code}`, got, typeof wanted === 'object' ? `${shown(wanted)} ${wanted.num} / ${wanted.den}` : String(wanted))
    }
  }

  /** Looked at, downloaded, mailed: the same figures, the same bytes. */
  async reports() {
    for (const l of this.lawyers) this.same(`${l.user} did all by keyboard: what a pointer did`, l.keys.pointed, 0)
    this.ok('each of the two lawyers answered', this.lawyers.every((l) => l.done > 5), this.lawyers.map((l) => l.done).join(' '))
    await this.figuresOfDay(monday, 'day')
    const page = await this.desk('operator1', '/reports')
    await this.station(page, 'reports-of-two-days')
    for (const [date, which, mail] of [[monday, 'night', this.mailbox.mails[0]], [tuesday, 'next', this.mailbox.mails[1]]]) {
      const files = {}
      for (const kind of ['pdf', 'xlsx', 'csv']) {
        const link = page.locator('table.stack tbody tr', { hasText: date }).locator(`a[href*="${date}.${kind}"]`)
        const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
        this.same(`name of the ${kind}`, download.suggestedFilename(), `mingfa-${date}.${kind}`)
        files[`mingfa-${date}.${kind}`] = await readFile(await download.path())
      }
      this.told(date, which, files)
      this.same(`${date}: to whom`, [mail?.to, mail?.from, mail?.subject.includes(date)], [[recipient], 'mingfa@example.com', true])
      this.same(`${date}: what was mailed is what is downloaded`, Object.keys(files).filter((name) => mail?.files[name]?.equals(files[name])), Object.keys(files))
    }
  }

  /** Each figure in each format. */
  told(date, which, files) {
    const rows = { csv: csv(files[`mingfa-${date}.csv`]), xlsx: xlsx(files[`mingfa-${date}.xlsx`]) }
    const words = pdf(files[`mingfa-${date}.pdf`])
    const lines = words?.split('\n') ?? []
    for (const [code, wanted] of Object.entries(this.tally.report(which))) {
      const rate = typeof wanted === 'object'
      const parts = rate ? [String(wanted.num), String(wanted.den)] : [String(wanted)]
      for (const [format, all] of Object.entries(rows)) {
        const row = rowOf(all, code) ?? []
        this.same(`${format} of ${date} ${code}`, rate ? row.slice(3, 5) : row.slice(2, 3), parts)
      }
      if (rate) this.same(`csv of ${date} ${code}, in words`, rowOf(rows.csv, code)?.[2].replace(/ ?%/, ' %'), wanted.text)
      // A PDF breaks lines as it needs them: the code and its numbers stand side by side.
      if (words !== undefined) this.ok(`pdf of ${date} ${code}`, lines.some((l) => parts.every((p) => l.split(/\s+/).includes(p))), code)
    }
  }
}

/** A lawyer and his keyboard. */
class Lawyer {
  static async at(day, user) {
    const l = new Lawyer()
    Object.assign(l, { day, user, keys: await Keys.on(await day.page(user)), lang: 'zh-Hans', done: 0 })
    return l
  }

  get base() {
    return this.day.server.base
  }

  async desk(path) {
    await this.keys.address('about:blank')
    await this.keys.address(`${this.base}/desk/#${path}`)
    await this.keys.see('h1')
  }

  async signIn() {
    const { user, password, totp } = this.day.credentials(this.user)
    if (this.signed) {
      await this.desk('/queue')
      await this.keys.see('#user, .sign-out')
      if (await this.keys.count('.sign-out')) await this.keys.go('.sign-out', 'Shift+Tab')
    } else await this.desk('/')
    await this.keys.see('#user')
    for (const [field, words] of [['#user', user], ['#password', password], ['#totp', totp]]) {
      await this.keys.to(field)
      await this.keys.write(words)
    }
    if (!this.signed && this.user === pair[0]) await this.day.station(this.keys, 'sign-in')
    await this.keys.press('Enter')
    await this.keys.see('.side nav')
    this.signed = true
  }

  async speak(lang) {
    await this.keys.go(`.langs button[lang="${lang}"]`, 'Shift+Tab')
    await this.keys.see(`html[lang="${lang}"]`)
    this.lang = lang
  }

  /** To a page of the menu; it is there before anything is looked for, so that nothing of the page before it is found. */
  async page(path) {
    const entry = `nav a[href="#${path}"]`
    await this.keys.go(entry, 'Shift+Tab')
    await this.keys.see(entry + '[aria-current=page]')
  }

  /** A saved reply with a judgement and two advices, found under a word. */
  async save() {
    const k = this.keys
    await this.page('/saved')
    await k.go('a[href="#/saved/new"]')
    for (const [field, words] of [
      ['#saved-title', '通用回复'],
      ['#saved-keyword', 'ty'],
      ['#saved-judgement', '{name}，您问的是{problem}，按您说的情况，您的要求一般能得到支持。'],
      ['#saved-advice', '把合同、聊天记录和转账凭证整理好，先书面向对方提出要求。\n协商不成，带材料到当地公共法律服务中心或有管辖权的机构申请处理。'],
    ]) {
      await k.to(field)
      for (const [i, line] of words.split('\n').entries()) {
        if (i) await k.press('Enter')
        await k.write(line)
      }
    }
    await k.go('form button[type=submit]')
    await k.see('.saved-cards li', '通用回复')
  }

  /** The orders that wait for him, the most urgent first. */
  async queue(fresh = true) {
    if (fresh) await this.desk('/queue')
    await this.keys.see('.tabs')
    await this.keys.see('a.row, .card.empty')
    return (await this.keys.attributes('.queue-pane a.row', 'href')).map((h) => h.split('/')[2])
  }

  async answerAll(which) {
    for (let fresh = true; ; fresh = false) {
      const id = (await this.queue(fresh)).find((x) => which(x) && !this.day.tally.get(x).answered)
      if (!id) return
      await this.answer(id)
    }
  }

  /** j to the order, Enter. */
  async take(id) {
    const row = `a.row[href="#/orders/${id}"]`
    await this.keys.at('h1')
    await this.keys.to(row, 'j', 40)
    await this.keys.press('Enter')
    await this.keys.see('#judgement')
    await this.keys.see(`a.row[href="#/orders/${id}"][aria-current=true]`)
  }

  /** Answers by keys alone: the saved reply by /, his own words, the article looked up, the checklist full, sent. */
  async answer(id, why) {
    const k = this.keys
    const { tally } = this.day
    const q = tally.get(id).question
    await this.take(id)
    const first = this.done++ === 0
    if (id === this.day.passed?.id) {
      await k.see('.handover', summary)
      await this.day.station(k, 'handed-over')
    }
    await k.press('r')
    await k.at('#judgement')
    await k.write('/ty')
    await k.see('.saved-list:not([hidden]) [role=option]')
    if (first && this.user === pair[0]) await this.day.station(k, 'slash')
    await k.press('Enter')
    await k.see('[data-rule=advice].ok')
    await k.press('Tab')
    await k.at('#text')
    await k.write(`关于${q.about}：根据您现在说的情况，请先把时间、地点、经过和对方的答复写清楚，保存好书面材料；对方不肯处理的，可以依照下列规定主张权利，注意不要超过法定期限。`)
    await k.to('.lookup input[role=combobox]')
    await k.write(q.words)
    await k.see('.statutes:not([hidden]) [role=option]')
    if (first && this.user === pair[1]) await this.day.station(k, 'look-up')
    await k.press('Enter')
    for (const rule of ['length', 'judgement', 'basis', 'advice']) await k.see(`[data-rule=${rule}].ok`)
    if (first && this.user === pair[0]) await this.day.station(k, 'answer')
    await k.press('Control+Enter')
    await k.see('article section[aria-labelledby=a] ol')
    tally.answered(id, this.day.now(), this)
    if (first || why) await this.day.station(k, why ? 'answered-late' : 'answered')
    await k.press('u')
    await k.see('.tabs')
  }

  async passOn(id) {
    const k = this.keys
    await this.queue()
    await this.take(id)
    await k.press('p')
    await k.at('#pass-summary')
    await k.write(summary)
    await this.day.station(k, 'pass-on')
    await k.go('[role=dialog] button[type=submit]')
    await k.gone(`a.row[href="#/orders/${id}"]`)
  }

  async callBack(id) {
    const k = this.keys
    await this.desk('/queue')
    await this.page('/callbacks')
    await k.go(`a.row[href^="#/callbacks/${id}"]`)
    await k.to('#summary')
    await k.write('已用平实的话说明要带的材料、办理地点和期限，当事人表示明白。')
    await this.day.station(k, 'lawyer-calls')
    await k.go('form:has(#summary) button[type=submit]')
    await k.gone('#summary')
  }

  /** Whether the result is his; then he disputes it. */
  async dispute(id) {
    const k = this.keys
    await this.desk('/queue')
    await this.page('/quality/results')
    await k.see('tr[data-sample], .card.empty')
    if (!(await k.count(`tr[data-sample="${id}"]`))) return false
    await this.day.station(k, 'results')
    await k.go(`a[href="#/quality/results/${id}"]`)
    await k.go('[data-act=dispute]')
    await k.at('.ant-modal textarea')
    await k.write(defence)
    await this.day.station(k, 'dispute')
    await k.go('.ant-modal form button[type=submit]')
    await k.see('article[data-state=disputed]')
    return true
  }

  /** The end of it: nothing of the first card stands. */
  async sees(id) {
    await this.desk('/quality/results/' + id)
    await this.keys.see('article[data-state=final]')
    this.day.ok('the result that stands is shown to the lawyer', (await this.keys.count('article .line .state.bad')) === 0 && (await this.keys.count('article .line .state.good')) > 0)
    await this.day.station(this.keys, 'decided')
  }
}
