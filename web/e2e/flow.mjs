// The flow of one order, told by ids and roles of the controls, so that it is
// the same in every language.

import { png } from './png.mjs'
import { codeFor, totp, until } from './server.mjs'

export const questions = {
  'zh-Hans': '公司没有跟我签书面劳动合同，干了八个月，现在叫我走，还扣着最后一个月的工资。我该怎么办？',
  'zh-Hant-HK': '公司沒有與我簽訂書面勞動合同，做了八個月，現在要我離開，還扣起最後一個月的工資。我應該怎樣做？',
  en: 'My employer never gave me a written contract. After eight months I was told to leave and my last month of pay is withheld. What can I do?',
}
export const names = { 'zh-Hans': '王女士', 'zh-Hant-HK': '王女士', en: 'Ms Wang' }
const noted = '对方可能是我所顾问单位，先核对利益冲突。'
const summary = '问未签合同和拖欠工资，已请当事人保存流水；还要答双倍工资和仲裁时效。'
const fifty = '您可以先与公司协商支付拖欠的工资和未签书面合同的双倍工资差额协商不成就向劳动监察部门投诉也可申请劳动仲裁'
const han = (s) => [...s].length

/** n Han characters of a plausible reply. */
export const reply = (n) => (han(fifty) >= n ? [...fifty].slice(0, n) : [...fifty, ...Array(n - han(fifty)).fill('请')]).join('')

export class Flow {
  constructor({ server, watch, lang, width, staff }) {
    Object.assign(this, { server, watch, lang, width, staff })
    this.tag = `${lang}-${width}`
    this.keyword = `k${lang.slice(-2).toLowerCase()}${width}`
  }

  name(n) {
    return `${this.tag}-${n}`
  }

  async api(page, path) {
    return page.evaluate(async (p) => (await fetch('/api/v1' + p)).json(), path)
  }

  /** A question that the citizen has begun and not sent; the answer is its ID. */
  async begin(page) {
    const id = crypto.randomUUID()
    const status = await page.evaluate(
      async ([id, question]) => {
        const body = JSON.stringify({ step: 2, question })
        return (await fetch('/api/v1/me/drafts/' + id, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body })).status
      },
      [id, questions[this.lang]],
    )
    this.watch.ok(this.name('a question is begun'), status === 200, String(status))
    return id
  }

  async speak(page) {
    const button = page.locator(`.langs button[lang="${this.lang}"]`)
    const menu = page.locator('.open-menu')
    await button.or(menu).first().waitFor()
    await page.waitForFunction(() => matchMedia('(max-width: 62rem)').matches || !document.querySelector('.open-menu')) // the screen was just made wider
    if (!(await button.isVisible())) await menu.click() // the desk's drawer
    await button.click()
    await page.waitForFunction((l) => document.documentElement.lang === l, this.lang)
    if (await page.locator('.drawer').isVisible()) {
      await page.keyboard.press('Escape')
      await page.locator('.drawer').waitFor({ state: 'hidden' })
    }
  }

  /** req: B5.3g — the largest letters fit, and stay after a reload */
  async largest(page) {
    const { watch } = this
    await page.locator('.sizes [data-size="3"]').click()
    await page.reload()
    await page.locator('.sizes [data-size="3"][aria-pressed=true]').waitFor()
    watch.ok(this.name('large letters are larger'), await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize) > 25))
    await page.locator('.entry').last().waitFor()
    await watch.screen(page, this.name('01-home-large'))
    await page.locator('.sizes [data-size="1"]').click()
  }

  /** req: B5.2.2 B6.1b — three steps from the first page to a waiting order */
  async ask(page, phone) {
    const { watch } = this
    await page.goto(this.server.base + '/')
    await this.speak(page)
    await page.locator('.entry').last().waitFor()
    await watch.screen(page, this.name('01-home'))
    const soon = page.locator('.entry.soon')
    watch.ok(this.name('four large entries, two say when they open'), (await page.locator('.entry').count()) === 4 && (await soon.count()) === 2)
    watch.ok(this.name('the day is told where it is known'), /2099/.test(await soon.first().textContent()) && !/\d{4}/.test(await soon.last().textContent()))
    await this.largest(page)
    await page.locator('a.entry.main').click()

    for (const id of ['province', 'city', 'county']) {
      const select = page.locator('#' + id)
      await select.locator('option').nth(1).waitFor({ state: 'attached' })
      const codes = await select.locator('option').evaluateAll((list) => list.map((o) => o.value).filter(Boolean))
      await select.selectOption(codes.find((c) => /^(440000|440100|440106)$/.test(c)) ?? codes[0])
    }
    await watch.screen(page, this.name('02-ask-region'))
    await this.forward(page)

    await page.locator('form button.primary').click()
    await page.locator('#question-error').waitFor()
    watch.ok(this.name('an empty question is refused at its field'), await page.locator('#question[aria-invalid=true]').isVisible())
    const suggested = page.waitForResponse((r) => r.url().endsWith('/problem-types/suggest'))
    await page.locator('#question').fill(questions[this.lang])
    const { items } = await (await suggested).json()
    if (items.length) await page.locator('.chip').first().click()
    else await page.locator('#type').selectOption({ index: 1 })
    await watch.screen(page, this.name('03-ask-question'))

    await page.reload()
    await page.locator('#question').waitFor()
    watch.ok(this.name('the draft survives a reload'), (await page.locator('#question').inputValue()) === questions[this.lang])
    await page.locator('#type option').nth(1).waitFor({ state: 'attached' })
    await this.attach(page)
    await this.forward(page)

    await page.locator('#name').fill(names[this.lang])
    await page.locator('#phone').fill(phone)
    await page.locator('#phone').press('Tab')
    const sent = page.waitForResponse((r) => r.url().endsWith('/codes'))
    await page.keyboard.press('Enter')
    await sent
    await page.locator('#code').fill(await codeFor(this.server.base, phone))
    await watch.screen(page, this.name('04-ask-contact'))
    await page.locator('form button.primary').click()

    await page.waitForURL(/#\/orders\/[^/]+\/sent$/)
    await page.locator('.note.good [role=timer]').waitFor()
    await watch.screen(page, this.name('05-sent'))
    return /orders\/([^/]+)\/sent/.exec(page.url())[1]
  }

  /** req: B5.2.1 — a picture and what is none; it waits until its citizen is signed in */
  async attach(page) {
    const { watch } = this
    const files = page.locator('#files')
    await files.waitFor()
    await files.setInputFiles([
      { name: 'contract.png', mimeType: 'image/png', buffer: png(64, 90) },
      { name: 'spare.png', mimeType: 'image/png', buffer: png(32, 20) },
      { name: 'empty.png', mimeType: 'image/png', buffer: Buffer.alloc(0) },
    ])
    await page.locator('#files-error', { hasText: 'empty.png' }).waitFor()
    await page.locator('ul.files li', { hasText: 'spare.png' }).locator('button').click()
    watch.ok(this.name('one file is left to send'), (await page.locator('ul.files li').count()) === 1 && (await page.locator('ul.files img.thumb').count()) === 1)
    await watch.screen(page, this.name('03-ask-files'))
  }

  /** req: B5.2.1 B5.2.2 — the lawyer opens the citizen's file, and that is noted */
  async openFile(page, id) {
    const { watch } = this
    const fetched = page.waitForResponse((r) => /\/attachments\//.test(r.url()) && r.request().method() === 'GET')
    await page.locator('section[aria-labelledby=q] .attachments button').press('Enter')
    const got = await fetched
    const policy = got.headers()['content-security-policy'] ?? ''
    watch.ok(this.name('the file comes as a picture, in a sandbox'), got.status() === 200 && got.headers()['content-type'] === 'image/png' && policy.includes('sandbox'), policy)
    watch.ok(this.name('the file comes as it was sent'), Buffer.compare(await got.body(), png(64, 90)) === 0)
    await page.locator('.ant-image-preview img').waitFor()
    await watch.screen(page, this.name('06-file'))
    await page.keyboard.press('Escape')
    await page.locator('.ant-image-preview').waitFor({ state: 'hidden' })
    await until('the reading to be noted', async () => (await this.api(page, `/orders/${id}/facts`)).items.filter((f) => f.actor_role === 'lawyer').length > 0)
  }

  async forward(page) {
    const step = await page.locator('progress.progress').getAttribute('value')
    await page.locator('form button.primary').click()
    await page.waitForFunction((s) => document.querySelector('progress.progress')?.getAttribute('value') !== s, step)
  }

  /** The order goes to whom matching chose; for the flow it shall be our lawyer. */
  async toOurLawyer(id) {
    await this.give(id, this.staff.lawyer)
  }

  async give(id, lawyer) {
    const { operator } = this.staff
    const me = await this.api(lawyer, '/me')
    if (lawyer === this.staff.second) this.secondID = me.id
    await until('the order to be with a lawyer', async () => (await this.api(operator, '/orders/' + id)).lawyer)
    const order = await this.api(operator, '/orders/' + id)
    if (order.lawyer.id === me.id) return
    await this.open(operator, '/orders/' + id)
    await operator.locator('details:has(#assign-to) summary, details summary').first().waitFor()
    await operator.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)))
    await pick(operator, '#assign-to', me.id)
    const done = operator.waitForResponse((r) => r.url().endsWith('/assign'))
    await operator.locator('form:has(#assign-to) button').click()
    await done
  }

  /** Another lawyer writes a private note and passes the order on with a summary. req: B5.2.2 */
  async passOn(id) {
    const { watch } = this
    const page = this.staff.second
    await this.give(id, page)
    await this.open(page, '/orders/' + id)
    if (this.width < 500) await page.locator('.talk-pane .backlink a').last().click()
    await page.locator('#note').fill(noted)
    await page.locator('.notes button[type=submit]').click()
    await page.locator('.notes li', { hasText: noted }).waitFor()
    await watch.screen(page, this.name('06-note'))
    if (this.width < 500) await page.locator('.person-pane .backlink a').click()
    await page.locator('article .heading button').click()
    await page.locator('[role=dialog] button[type=submit]').click()
    await page.locator('#pass-summary-error').waitFor()
    watch.ok(this.name('nothing is passed on without a summary'), true)
    await page.locator('#pass-summary').fill(summary)
    await watch.screen(page, this.name('06-pass'))
    await page.locator('[role=dialog] button[type=submit]').click()
    await page.waitForURL(/#\/queue$/)
    await until('the order to be with another lawyer', async () => (await this.api(this.staff.operator, '/orders/' + id)).lawyer?.id !== this.secondID)
  }

  /** Saves a macro for the answer. req: B5.3g */
  async save() {
    const page = this.staff.lawyer
    await this.open(page, '/saved/new')
    await page.locator('#saved-title').fill(`未签劳动合同 ${this.tag}`)
    await page.locator('#saved-keyword').fill(this.keyword)
    await page.locator('#saved-judgement').fill('{name}，用人单位未签书面合同，应当支付双倍工资差额。')
    await page.locator('#saved-advice').fill('保存工资转账记录和考勤记录，向公司所在地的劳动仲裁委员会申请仲裁。')
    await this.watch.screen(page, this.name('05-saved-new'))
    await page.locator('form button[type=submit]').click()
    await page.locator('.saved-cards li', { hasText: this.keyword }).waitFor()
    await this.watch.screen(page, this.name('05-saved'))
  }

  async open(page, path) {
    await page.goto(`${this.server.base}/desk/#${path}`)
    await page.locator('h1').first().waitFor()
  }

  /**
   * By keyboard alone: from the queue to the sent answer, with a macro.
   * req: B6.2.1.2a B6.2.1.2b B6.2.1.2c B6.2.1.2d B6.2.1.2e B6.2.1.2f B5.3g — 50 refused, 51 accepted
   */
  async answer(id) {
    const { watch } = this
    const page = this.staff.lawyer
    const keys = page.keyboard
    const focus = (selector) => page.waitForFunction((s) => document.activeElement?.matches(s), selector)
    await this.open(page, '/queue')
    await page.locator(`a[href="#/orders/${id}"] [role=timer]`).waitFor()
    await watch.screen(page, this.name('06-queue'))
    await page.locator('h1').focus()
    await keys.press('?')
    await page.locator('.keys').waitFor()
    await watch.screen(page, this.name('06-keys'))
    await keys.press('Escape')
    await page.locator('.keys').waitFor({ state: 'hidden' })
    for (let n = 0; n < 100 && !(await page.evaluate((h) => document.activeElement?.getAttribute('href') === h, '#/orders/' + id)); n++) await keys.press('j')
    await keys.press('Enter')
    await page.locator('.handover', { hasText: summary }).waitFor()
    watch.ok(this.name('the summary stands above the question'), await page.evaluate(() => !!(document.querySelector('.handover').compareDocumentPosition(document.querySelector('.question')) & Node.DOCUMENT_POSITION_FOLLOWING)))
    await this.openFile(page, id)
    await page.locator('h1').focus()
    await focus('h1')
    await keys.press('r')
    await focus('#judgement')
    await keys.type('/' + this.keyword)
    await page.locator('.saved-list:not([hidden]) [role=option]').waitFor()
    await watch.screen(page, this.name('06-slash'))
    await keys.press('Enter')
    await page.waitForFunction(() => document.querySelector('#advice').value !== '')
    watch.ok(this.name('the macro names the person and fills in the advice'), (await page.locator('#judgement').inputValue()).startsWith(names[this.lang] + '，'))
    await keys.press('Tab')
    await focus('#text')
    await keys.insertText(reply(50))
    await keys.press('Tab')
    await focus('#basis')
    await keys.insertText('中华人民共和国劳动合同法')
    await keys.press('Tab')
    await keys.insertText('第八十二条')
    await page.locator('[data-rule=basis].ok').waitFor()
    await page.locator('[data-rule=advice].ok').waitFor()
    watch.ok(this.name('the checklist shows that 50 is too short'), await page.locator('[data-rule=length].no').isVisible())
    await keys.press('Control+Enter')
    await page.locator('#text-error').waitFor()
    watch.ok(this.name('a reply of 50 is refused by the server at its field'), (await page.locator('#text-error').innerText()).trim() !== '')
    await watch.screen(page, this.name('07-refused'))

    await focus('#text')
    await keys.press('Control+a')
    await keys.insertText(reply(51))
    await page.locator('[data-rule=length].ok').waitFor()
    await page.reload()
    await page.locator('#text').waitFor()
    watch.ok(this.name('the reply survives a reload'), (await page.locator('#text').inputValue()) === reply(51))
    await focus('h1')
    await keys.press('r')
    await focus('#judgement')
    await keys.press('Control+Enter')
    await page.locator('.composer').waitFor({ state: 'detached' })
    await page.locator('article section[aria-labelledby=a] ol').waitFor()
    await watch.screen(page, this.name('08-answered'))
    await this.lookUp(page)
  }

  /** The other shortcuts lead where they say. */
  async lookUp(page) {
    if (this.width < 500) return
    await page.locator('h1').focus()
    await page.keyboard.press('n')
    await page.waitForFunction(() => document.activeElement?.id === 'note')
    await page.keyboard.press('Escape')
    await page.locator('h1').focus()
    await page.keyboard.press('u')
    await page.waitForURL(/#\/queue$/)
    this.watch.ok(this.name('n writes a note, u leads back to the queue'), true)
  }

  /** req: B6.1b — told, reads, all parts of the reply are there; what staff said to each other is not */
  async read(page, id) {
    const { watch } = this
    const { base } = this.server
    await page.goto(base + '/#/inbox')
    await until('the message about the reply', async () => (await this.api(page, '/inbox')).items.some((n) => n.order === id))
    await page.reload()
    await page.locator('.row.unread').first().waitFor()
    await watch.screen(page, this.name('09-inbox'))
    await page.goto(base + '/#/orders')
    await page.locator(`a[href="#/orders/${id}"]`).waitFor()
    await watch.screen(page, this.name('10-records'))
    await page.locator(`a[href="#/orders/${id}"]`).click()
    await page.locator('.reply').waitFor()
    const order = await until('the read mark', async () => {
      const o = await this.api(page, '/orders/' + id)
      return o.read_at && o
    })
    const shown = await page.locator('.reply').innerText()
    const parts = [order.answer.opening, order.answer.judgement, order.answer.text, order.answer.advice[0], order.answer.disclaimer, order.answer.closing]
    watch.ok(this.name('the reply shows all its parts'), parts.every((p) => p && squeeze(shown).includes(squeeze(p))), JSON.stringify(parts.map((p) => squeeze(shown).includes(squeeze(p ?? '\u0000')))))
    const raw = JSON.stringify(await this.api(page, '/orders/' + id)) + JSON.stringify(await this.api(page, `/orders/${id}/facts`))
    watch.ok(this.name('the citizen learns of no note and no summary'), ![noted, summary, 'handovers', '"notes"'].some((w) => raw.includes(w)))
    await watch.screen(page, this.name('11-read'))
    const files = await page.locator('.keep a').evaluateAll(async (links) =>
      Promise.all(links.map(async (a) => new TextDecoder().decode((await (await fetch(a.href)).arrayBuffer()).slice(0, 4000)))))
    watch.ok(this.name('the record can be kept as PDF and as text'), files.length === 2 && files[0].startsWith('%PDF-') && files[1].includes(questions[this.lang].slice(0, 20)), files.map((f) => f.slice(0, 60)).join(' | '))
    return order
  }

  /** Asks back; the lawyer replies; both stay on the page of the order. */
  async askBack(page, id) {
    const text = '仲裁要交钱吗？'
    await page.locator('#back').fill(text)
    await page.locator('#files').setInputFiles({ name: 'more.png', mimeType: 'image/png', buffer: png(48, 160) })
    await page.locator('form:has(#back) li[data-kind=png]').waitFor()
    await page.reload()
    await page.locator('form:has(#back) li[data-kind=png]').waitFor()
    this.watch.ok(this.name('an uploaded file survives a reload'), (await page.locator('form:has(#back) .name').innerText()).includes('more.png'))
    await this.watch.screen(page, this.name('12-asking-back'))
    await page.locator('form:has(#back) > button').click()
    await page.locator('.talk .citizen', { hasText: text }).waitFor()
    await page.locator('.talk .citizen .files a', { hasText: 'more.png' }).waitFor()
    const lawyer = this.staff.lawyer
    await this.open(lawyer, '/orders/' + id)
    await lawyer.locator('#reply').fill('申请劳动仲裁不收费。')
    await lawyer.locator('#attach').setInputFiles({ name: 'form.png', mimeType: 'image/png', buffer: png(40, 10) })
    await lawyer.locator('.attaching li[data-kind=png]').waitFor()
    await this.watch.screen(lawyer, this.name('12-replying'))
    await lawyer.locator('form:has(#reply) button[type=submit]').click()
    await lawyer.locator('.talk .lawyer', { hasText: '不收费' }).waitFor()
    await page.reload()
    await page.locator('.talk .lawyer', { hasText: '不收费' }).waitFor()
    await page.locator('.talk .lawyer .files a', { hasText: 'form.png' }).waitFor()
    await this.watch.screen(page, this.name('12-asked-back'))
  }

  /** req: B7.1.3.1a T7 — five levels; "general" is not satisfied and brings a call-back */
  async rate(page) {
    const { watch } = this
    watch.ok(this.name('five levels to rate'), (await page.locator('.level').count()) === 5)
    await page.locator('.level input[value=general]').check()
    await page.locator('#comment').fill('回复看不太懂')
    await watch.screen(page, this.name('13-rating'))
    await page.locator('form.rate button.primary').click()
    await page.locator('#rated').waitFor()
    await watch.screen(page, this.name('14-rated'))
  }

  /** req: B7.1.2.1a B7.1.2.3a — two taps from the order to a complaint that is received and found again */
  async complain(page, id) {
    const { watch } = this
    const text = '律师的态度不好，希望有人给我打电话。'
    await page.locator(`main a[href^="#/complain?order=${id}"]`).click()
    await page.locator('#text').waitFor()
    await page.locator('form button.primary').click()
    await page.locator('#text-error').waitFor()
    await page.locator('#text').fill(text)
    await page.reload()
    await page.locator('#text').waitFor()
    watch.ok(this.name('what was written is kept over a reload'), (await page.locator('#text').inputValue()) === text)
    await watch.screen(page, this.name('14-complain'))
    await page.locator('form button.primary').click()
    await page.locator('section.card b').first().waitFor()
    await watch.screen(page, this.name('14-complaint-received'))
    await page.locator('a[href="#/complaints"].primary').click()
    await page.locator('section.card summary').first().click()
    watch.ok(this.name('the complaint is found again'), (await page.locator('main').innerText()).includes(text))
    await watch.screen(page, this.name('14-complaints'))
    await page.goto(`${this.server.base}/#/orders/${id}`)
    await page.locator('#rated').waitFor()
  }

  /** req: B7.1.3.2 B7.1.3.2a B7.1.3.2b — not closed before result and lawyer's call */
  async callBack(order) {
    const { watch } = this
    const page = this.staff.operator
    await this.open(page, '/callbacks')
    const row = page.locator('a.row', { hasText: order.number })
    await row.waitFor()
    await watch.screen(page, this.name('15-callbacks'))
    await row.click()
    await page.locator('input[name=reached]').first().check()
    await page.locator('#try-note').fill('本人接听')
    await page.locator('form:has(#try-note) button').click()
    await page.locator('.facts .state.answered').waitFor()
    await pick(page, '#category')
    await page.locator('#reason').fill('回复里的法律词语看不懂')
    await page.locator('#details').fill('想知道仲裁要带什么材料')
    await page.locator('#feedback').fill('已解释流程，律师会再致电')
    await page.locator('form:has(#category) input[type=checkbox]').first().check()
    await watch.screen(page, this.name('16-callback'))
    await page.locator('form:has(#category) button').click()
    await page.locator('#category').waitFor({ state: 'detached' })
    await page.locator('.close-callback').click()
    await page.locator('article > section:last-child [role=alert]').waitFor()
    watch.ok(this.name('no close before the lawyer has called'), true)
    await watch.screen(page, this.name('17-not-closed'))
    const id = /callbacks\/([^/?]+)/.exec(page.url())[1]
    await this.lawyerCalls(order)
    await page.reload()
    await page.locator('.close-callback').click()
    await page.locator('.line .state.answered').waitFor()
    await watch.screen(page, this.name('19-closed'))
    return id
  }

  async lawyerCalls(order) {
    const page = this.staff.lawyer
    await this.open(page, '/callbacks')
    await page.locator('a.row', { hasText: order.number }).click()
    await page.locator('#summary').fill('已向当事人逐条说明仲裁所需材料和时限，当事人表示清楚。')
    await this.watch.screen(page, this.name('18-lawyer-call'))
    await page.locator('form:has(#summary) button').click()
    await page.locator('#summary').waitFor({ state: 'detached' })
  }

  /** Lets every duty lawyer go away, or come back: as they do it, one by one. */
  async duty(status) {
    const { operator, lawyer } = this.staff
    const { items } = await this.api(operator, '/lawyers')
    this.server.lawyers ??= await signInLawyers(this.server, items.length)
    for (const cookie of this.server.lawyers) {
      await fetch(this.server.base + '/api/v1/lawyers/me/status', { method: 'PUT', headers: { 'Content-Type': 'application/json', Cookie: cookie }, body: JSON.stringify({ status }) })
    }
    await lawyer.evaluate((s) => fetch('/api/v1/lawyers/me/status', { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ status: s }) }), status)
    const all = await this.api(operator, '/lawyers')
    this.watch.ok(this.name('all lawyers are ' + status), all.items.every((l) => l.status === status))
  }

  /** req: B6.2.1.1b B5.3e — nobody is on duty: operations are warned, one owns it, and it ends by itself */
  async warned() {
    const { watch } = this
    const page = this.staff.operator
    await this.open(page, '/alarms')
    const row = page.locator('tr[data-kind=nobody_online][data-state=open]').first()
    await row.waitFor()
    await watch.screen(page, this.name('28-alarms'))
    await row.locator('[data-act=acknowledge]').click()
    await page.locator('.ant-modal form button[type=submit]').click()
    await page.locator('.ant-modal .error').waitFor()
    watch.ok(this.name('a warning is not owned without words'), true)
    await page.locator('.ant-modal textarea').fill('正在联系值班律师')
    await watch.screen(page, this.name('29-acknowledge'))
    await page.locator('.ant-modal form button[type=submit]').click()
    const mine = page.locator('tr[data-kind=nobody_online][data-state=acknowledged]').first()
    await mine.waitFor()
    const id = await mine.getAttribute('data-alarm')
    await this.duty('online')
    await until('the warning to end by itself', async () => (await this.api(page, '/alarms/' + id)).state === 'resolved')
    await this.open(page, '/alarms/' + id)
    await page.locator('.facts li').nth(2).waitFor()
    await watch.screen(page, this.name('30-alarm'))
  }

  /** req: B7.T1b B7.T1d B7.3.2.1 — the board, and the orders behind a figure */
  async board() {
    const { watch } = this
    const page = this.staff.operator
    await this.open(page, '/board')
    const card = page.locator('[data-figure=answered]')
    await card.waitFor()
    watch.ok(this.name('the board says how old it is'), (await page.locator('[data-age]').count()) === 1)
    await watch.screen(page, this.name('31-board'))
    const counted = Number(await card.getAttribute('data-value'))
    await card.locator('.value a').click()
    await page.locator('.note[data-figure=answered]').waitFor()
    await page.locator('table.stack tbody tr').first().waitFor()
    const listed = await page.locator('table.stack tbody tr').count()
    watch.ok(this.name('a figure opens exactly its orders'), counted > 0 && listed === Math.min(counted, 50), `${counted} counted, ${listed} listed`)
    await watch.screen(page, this.name('32-figure'))
    await this.open(page, '/board/wall')
    await page.locator('.tile').nth(10).waitFor()
    await watch.screen(page, this.name('33-wall'))
  }

  /** The other screens of staff: looked at in each language and width. */
  async others(id) {
    const { operator, lawyer, admin } = this.staff
    const look = async (page, path, wait, n) => {
      await this.open(page, path)
      await page.locator(wait).first().waitFor()
      await this.watch.screen(page, this.name(n))
    }
    await look(operator, '/today', 'tr[data-figure=satisfaction]', '20-today')
    await look(operator, '/orders', 'table.stack tbody tr', '21-orders')
    await look(operator, '/lawyers', 'table.stack tbody tr', '22-lawyers')
    await look(operator, '/exclusions', '.card.empty, table.stack tbody tr', '34-exclusions')
    await look(operator, '/reports', '.card.empty, table.stack tbody tr', '23-reports')
    await this.open(operator, '/orders/' + id)
    if (this.width < 500) await operator.locator('.talk-pane .backlink a').last().click()
    await operator.locator('.timeline summary').click()
    await operator.locator('.timeline .facts li').first().waitFor()
    await this.watch.screen(operator, this.name('24-timeline'))
    await look(lawyer, '/queue', '.tabs', '25-queue')
    await look(lawyer, '/my-figures', '.figures a', '25-my-figures')
    await lawyer.locator('.figures a').first().click()
    await lawyer.locator('table.stack tbody tr').first().waitFor()
    await this.watch.screen(lawyer, this.name('25-my-figures-behind'))
    await look(admin, '/saved', 'h1', '26-saved-admin')
    await look(admin, '/templates', 'section.card', '26-templates')
    await look(admin, '/settings', 'table.stack tbody tr', '35-settings')
    await look(admin, '/settings/board.limits', 'main .card .buttons button', '36-limits')
    await admin.locator('main .card .buttons button').first().click()
    await admin.locator('#v-satisfaction_percent').fill('90')
    await admin.locator('#reason').fill('试一试低于标准的数')
    await admin.locator('form button[type=submit]').click()
    await admin.locator('#v-satisfaction_percent-error').waitFor()
    this.watch.ok(this.name('a threshold below the standard is refused at its field'), true)
    await this.watch.screen(admin, this.name('37-refused'))
    await look(admin, '/erase', '#person', '27-erase')
  }
}

/** Cookies of the demo's lawyers but the first, who has a browser. */
async function signInLawyers(server, n) {
  const cookies = []
  for (let i = 2; i <= n; i++) {
    const res = await until(`lawyer${i} to sign in`, async () => {
      const body = JSON.stringify({ user: 'lawyer' + i, password: server.demo.password, totp: totp(server.demo.totp_secret) })
      const r = await fetch(server.base + '/api/v1/staff-sessions', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
      if (r.ok) return r
      await new Promise((next) => setTimeout(next, 6_000)) // a one-time password works once: the next one comes within 30 s
      return undefined
    })
    cookies.push(res.headers.getSetCookie().map((c) => c.split(';')[0]).join('; '))
  }
  return cookies
}

/** Chooses in one of the desk's lists: the value, or the first there is. */
export async function pick(page, field, value) {
  const list = page.locator(field)
  const first = () => list.locator('option:not([value=""])').first().getAttribute('value')
  await list.selectOption(value ?? (await first()))
}

const squeeze = (s) => s.replace(/\s+/g, '')

/** One session a member of staff for the whole run. */
export async function signInStaff(page, server, user) {
  await page.goto(server.base + '/desk/')
  await page.locator('#user').fill(user)
  await page.locator('#password').fill(server.demo.password)
  await page.locator('#totp').fill(totp(server.demo.totp_secret))
  await page.locator('form button[type=submit]').click()
  await page.locator('.side nav, .open-menu').first().waitFor()
}
