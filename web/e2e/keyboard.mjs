// Without a mouse: every page of the desk is walked through by Tab, each control is
// reached and shows that it has the focus; dialogues take the focus, keep it, and give
// it back. (The queue and the answer are written by keyboard alone in flow.mjs.)
// req: B5.3g

import { until } from './server.mjs'

const pages = {
  operator: ['/board', '/alarms', '/today', '/orders', '/complaints', '/complaints/new', '/lawyers', '/reports', '/exclusions', '/ledgers'],
  inspector: ['/quality/samples', '/quality/samples?mine=false', '/quality/rates', '/interventions', '/quality/rules'],
  admin: ['/settings', '/settings/board.limits', '/exchange', '/templates', '/tokens', '/erase', '/saved'],
  lawyer: ['/queue', '/my-figures', '/quality/results', '/callbacks', '/saved/new'],
}

/** @param {import('./flow.mjs').Flow} flow */
export async function keyboard(flow) {
  const { watch } = flow
  for (const [who, paths] of Object.entries(pages)) {
    for (const path of paths) {
      const page = flow.staff[who]
      await flow.open(page, path)
      await page.locator('.loading').first().waitFor({ state: 'hidden' })
      const { missed, unseen } = await walk(page)
      watch.ok(flow.name(`${path}: Tab reaches every control`), missed.length === 0, missed.join(' | '))
      watch.ok(flow.name(`${path}: the focus is seen on each`), unseen.length === 0, unseen.join(' | '))
    }
  }
  await dialogues(flow)
}

/** Tabs from the heading to the end of the page. */
async function walk(page) {
  await page.evaluate(() => {
    document.querySelector('main').focus()
    window.met = new Set()
    window.unseen = []
  })
  const most = await page.evaluate(() => document.querySelectorAll('main :is(a[href], button, input, select, textarea, summary)').length + 6 * document.querySelectorAll('main input:is([type=date], [type=month], [type=datetime-local])').length)
  for (let n = 0; n <= most + 1; n++) {
    await page.keyboard.press('Tab')
    const inside = await page.evaluate(() => {
      const e = document.activeElement
      if (!e?.closest('main')) return false
      window.met.add(e)
      if (e.name && e.type === 'radio') document.querySelectorAll(`input[name="${CSS.escape(e.name)}"]`).forEach((o) => window.met.add(o)) // arrows lead to the others
      const ring = (x) => x && ((getComputedStyle(x).outlineStyle !== 'none' && parseFloat(getComputedStyle(x).outlineWidth) >= 2) || getComputedStyle(x).boxShadow !== 'none')
      if (!ring(e) && !ring(e.nextElementSibling)) window.unseen.push(e.outerHTML.slice(0, 90))
      return true
    })
    if (!inside) break
  }
  return page.evaluate(() => ({
    // What came while walking (a list that was asked for anew) is no fault.
    missed: [...document.querySelectorAll('main :is(a[href], button, input, select, textarea, summary)')]
      .filter((e) => !window.met.has(e) && !e.disabled && !e.hidden && e.checkVisibility() && !e.closest('[hidden]'))
      .map((e) => e.outerHTML.slice(0, 90)),
    unseen: window.unseen,
  }))
}

/** Opened by Enter, left by Escape. */
async function dialogues(flow) {
  const { watch } = flow
  const { lawyer, operator } = flow.staff
  const alarm = '[data-act=acknowledge], [data-act=resolve]'
  const list = [
    [lawyer, '/saved', '.saved-cards .danger', 'removing a saved reply'],
    [operator, '/alarms', alarm, 'a warning'],
  ]
  for (const [page, path, opener, what] of list) {
    await flow.open(page, path)
    await page.locator('table.stack tbody tr, .saved-cards li, .card.empty').first().waitFor()
    if (!(await page.locator(opener).count())) continue
    await page.locator(opener).first().focus()
    await page.keyboard.press('Enter')
    await page.locator('.ant-modal').waitFor()
    await until('the dialogue to take the focus', () => page.evaluate(() => !!document.activeElement?.closest('[role=dialog]')))
    for (let n = 0; n < 12; n++) await page.keyboard.press('Tab')
    watch.ok(flow.name(`${what}: the focus stays in the dialogue`), await page.evaluate(() => !!document.activeElement?.closest('[role=dialog], .ant-modal-wrap')))
    await page.keyboard.press('Escape')
    await page.locator('.ant-modal').waitFor({ state: 'hidden' })
    watch.ok(flow.name(`${what}: the focus goes back to where it was`), await page.waitForFunction((s) => document.activeElement === document.querySelector(s), opener, { timeout: 5_000 }).then(() => true, () => false))
  }
}
