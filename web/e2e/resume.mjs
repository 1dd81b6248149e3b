// One person on two devices: begins to ask, goes on after a reload, then on the other
// device, where it is sent; the first one sees that. The same by the pages without
// script, to and fro.
// req: B5.2.2 B5.2.4

import { png } from './png.mjs'
import { codeFor, until } from './server.mjs'

/**
 * @param {import('./flow.mjs').Flow} flow
 * @param {{ page: (who: string, width: number) => Promise<import('playwright-core').Page>, phone: string, question: string }} with_
 */
export async function resume(flow, { page, phone, question }) {
  const { watch, server } = flow
  const shot = (p, n) => watch.screen(p, flow.name(n))
  const first = await page(`first device ${flow.tag}`, flow.width)
  const other = await page(`other device ${flow.tag}`, flow.width)
  try {
    await signIn(first, flow, phone)
    await ask(first, server)
    for (const [id, code] of [['province', '440000'], ['city', '440100'], ['county', '440106']]) {
      await first.locator(`#${id} option[value="${code}"]`).waitFor({ state: 'attached' })
      await first.locator('#' + id).selectOption(code)
    }
    await flow.forward(first)
    const begun = question.slice(0, 40)
    await first.locator('#question').fill(begun)
    await first.locator('#files').setInputFiles([{ name: 'contract.png', mimeType: 'image/png', buffer: png(64, 90) }])
    await first.locator('ul.files li[data-kind=png]').waitFor()
    const drafts = () => flow.api(first, '/me/drafts')
    await until('what was typed to be kept', async () => (await drafts()).items[0]?.attachments[0]?.kind === 'png')
    await first.locator('.foot [role=status]').waitFor()
    await shot(first, '07-kept')
    await first.reload()
    await first.locator('.foot [role=status]').waitFor()
    watch.ok(flow.name('it is there after a reload'), (await first.locator('#question').inputValue()) === begun)

    // The other device: the same person, signed in there, and nothing in its tab.
    await other.context().addCookies(await first.context().cookies())
    await other.goto(server.base + '/')
    await other.evaluate(() => localStorage.setItem('mingfa.known', 'yes')) // as signing in there does
    await other.reload()
    await flow.speak(other)
    await ask(other, server)
    await other.locator('[data-draft]').waitFor()
    await shot(other, '07-offered')
    await other.locator('[data-draft] .throw-away').click()
    await other.locator('[data-draft] .sure').waitFor()
    await shot(other, '07-throw-away')
    await other.locator('[data-draft] .sure + button').click()
    await other.locator('[data-draft] .go-on').click()
    await other.locator('#question').waitFor()
    await other.locator('ul.files img.thumb').waitFor()
    watch.ok(flow.name('the other device goes on with it'), (await other.locator('#question').inputValue()) === begun && (await other.locator('.note.good').count()) === 1)
    await shot(other, '07-opened')
    await other.locator('#question').fill(question)
    await other.locator('#type option').nth(1).waitFor({ state: 'attached' })
    await other.locator('#type').selectOption({ index: 1 })
    await until('the change to be kept', async () => (await drafts()).items[0].question === question)

    // The first one types on what is old by now: it is told, and nothing is overwritten.
    await first.locator('#question').fill(begun + '!')
    await first.locator('#stale').waitFor()
    watch.ok(flow.name('two devices do not overwrite each other'), (await drafts()).items[0].question === question)
    await shot(first, '08-both-changed')
    await first.locator('section[aria-labelledby=stale] button').first().click()
    await first.locator('#stale').waitFor({ state: 'detached' })
    watch.ok(flow.name('the chosen version is there'), (await first.locator('#question').inputValue()) === question)

    await flow.forward(other)
    await other.locator('#name').fill('王')
    await other.locator('form button.primary').click()
    await other.waitForURL(/#\/orders\/[^/]+\/sent$/)
    const id = /orders\/([^/]+)\/sent/.exec(other.url())[1]
    watch.ok(flow.name('its file went with it'), (await flow.api(other, '/orders/' + id)).attachments.length === 1 && (await drafts()).items.length === 0)
    await first.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await first.locator(`.note.good a[href="#/orders/${id}"]`).waitFor()
    watch.ok(flow.name('the first device sees that it was sent'), !(await first.locator('form.card').isVisible()))
    await shot(first, '08-sent-elsewhere')

    await plain(flow, { first, other, question: begun })
    await first.locator('nav.bar button.link').click()
    await first.locator('nav a[href="#/sign-in"]').waitFor()
    await first.goto(server.base + '/#/')
    const left = await first.evaluate(() => JSON.stringify([sessionStorage, localStorage]))
    watch.ok(flow.name('signing out leaves nothing on the device'), !left.includes(begun.slice(0, 8)), left)
  } finally {
    await first.context().close()
    await other.context().close()
  }
}

async function signIn(page, flow, phone) {
  await page.goto(flow.server.base + '/#/sign-in')
  await flow.speak(page)
  await page.locator('#phone').fill(phone)
  const sent = page.waitForResponse((r) => r.url().endsWith('/codes'))
  await page.locator('form button').first().click()
  await sent
  await page.locator('#code').fill(await codeFor(flow.server.base, phone))
  await page.locator('form button.primary').click()
  await page.locator('nav a[href="#/inbox"]').waitFor()
}

/** Opens the page, and waits until the account was looked at. */
async function ask(page, server) {
  const looked = page.waitForResponse((r) => r.url().endsWith('/me/drafts') && r.request().method() === 'GET')
  await page.goto(server.base + '/#/ask')
  await looked
}

/** What is kept on the pages without script is offered on the portal, and thrown away there. */
async function plain(flow, { first, other, question }) {
  const { watch, server } = flow
  const screen = async (n) => {
    watch.ok(flow.name(`${n}: no script`), (await other.evaluate(() => document.scripts.length)) === 0)
    await watch.screen(other, flow.name(n))
  }
  await other.goto(`${server.base}/m/lang/${flow.lang}`)
  await other.goto(server.base + '/m/ask?in=440106')
  await other.locator('#question').fill(question)
  await other.locator('button[value=keep]').click()
  await other.locator('main .good').waitFor()
  await screen('09-m-kept')
  await other.locator('main .card a.main').click()
  watch.ok(flow.name('/m/ goes on with it'), (await other.locator('#question').inputValue()) === question)
  await other.locator('#question').fill(question + '。')
  await other.locator('main button.main').click()
  await other.locator('#name').waitFor()

  await first.locator('.note.good button').click() // another question
  await first.locator('[data-draft]').waitFor()
  watch.ok(flow.name('the portal offers what was kept on /m/'), (await first.locator('[data-draft] .quote').textContent()).includes(question.slice(0, 20)))
  await first.locator('[data-draft] .go-on').click()
  await first.locator('#name').waitFor() // where /m/ is
  await first.locator('form.card button:not(.primary, .link)').click()
  await first.locator('#question').fill(question + '？')
  await until('the change to be kept', async () => (await flow.api(first, '/me/drafts')).items[0].question.endsWith('？'))
  await other.locator('#name').fill('王')
  if (!(await other.locator('#type').inputValue())) await other.locator('#type').selectOption({ index: 1 })
  await other.locator('button[value=send]').click()
  await other.locator('#stale').waitFor()
  watch.ok(flow.name('/m/ does not send over the other device'), (await flow.api(first, '/me/drafts')).items.length === 1)
  await screen('09-m-both-changed')
  await other.locator('section[aria-labelledby=stale] a').click()
  watch.ok(flow.name('/m/ takes the other version'), (await other.locator('#question').inputValue()).endsWith('？'))
  await other.goto(server.base + '/m/ask')
  await other.locator('a[href$="/throw-away"]').click()
  await screen('09-m-throw-away')
  await other.locator('main form button').click()
  await other.locator('#in').waitFor()
  watch.ok(flow.name('it is thrown away'), (await flow.api(first, '/me/drafts')).items.length === 0)
}
