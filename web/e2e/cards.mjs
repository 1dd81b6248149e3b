// What people tell of themselves, files beside a complaint, a draw by hand, and orders
// that were taken over from elsewhere.
// req: BB.20104 BB.20204 BB.20303 B7.1.2.3a B7.2.4a BB.20501

import { pick } from './flow.mjs'
import { png } from './png.mjs'

const picture = (name) => ({ name, mimeType: 'image/png', buffer: png(120, 80) })

/** @param {import('./flow.mjs').Flow} flow @param {import('playwright-core').Page} citizen who has complained */
export async function cards(flow, citizen) {
  await myDetails(flow, citizen)
  await evidence(flow, citizen)
  await lawyersCard(flow)
  await handDraw(flow)
  await archive(flow)
}

async function myDetails(flow, page) {
  const { watch, server } = flow
  await page.goto(server.base + '/#/me')
  await page.locator('#e20104').fill('not an address')
  await page.locator('form.card button.primary').click()
  await page.locator('#e20104-error').waitFor()
  await page.locator('#e20104').fill('chen@example.org')
  await watch.screen(page, flow.name('70-me'))
  await page.locator('form.card button.primary').click()
  await page.locator('form.card [role=status]:not(:empty)').waitFor()
  await page.reload()
  await page.locator('#e20104').waitFor()
  watch.ok(flow.name('what one told of oneself is kept'), (await page.locator('#e20104').inputValue()) === 'chen@example.org')
}

async function evidence(flow, page) {
  const { watch, server } = flow
  await page.goto(server.base + '/#/complaints')
  await page.locator('input[id^=evidence-]').first().setInputFiles([picture('receipt.png'), { name: 'trick.png', mimeType: 'image/png', buffer: Buffer.from('<script>alert(1)</script>') }])
  await page.locator('ul.files li a', { hasText: 'receipt.png' }).first().waitFor()
  await page.locator('ul.files .error, ul.files [role=alert]').first().waitFor()
  await watch.screen(page, flow.name('71-evidence'))
  const mine = (await flow.api(page, '/complaints')).items
  watch.ok(flow.name('the picture is beside the complaint, the trick is not'), mine.some((c) => c.attachments?.length === 1 && c.attachments[0].name === 'receipt.png'), JSON.stringify(mine.map((c) => c.attachments)))
  const { operator } = flow.staff
  await flow.open(operator, '/complaints/' + mine.find((c) => c.attachments?.length).id)
  await operator.locator('.attachments li', { hasText: 'receipt.png' }).waitFor()
  await watch.screen(operator, flow.name('72-complaint-files'))
}

async function lawyersCard(flow) {
  const { watch } = flow
  const { lawyer, operator } = flow.staff
  await flow.open(lawyer, '/my-card')
  await lawyer.locator('#firm').fill('')
  await lawyer.locator('[data-act=practice]').click()
  await lawyer.locator('#firm-error').waitFor()
  await lawyer.locator('#firm').fill('明法律师事务所')
  await places(flow, lawyer)
  await lawyer.locator('[data-act=practice]').click()
  await lawyer.locator('form[aria-labelledby=practice] [role=status]:not(:empty)').waitFor()
  const before = await lawyer.locator('.thumb').count()
  if (before === 0) {
    const side = async (n) => {
      await lawyer.locator('input[type=file]').first().setInputFiles(picture(`side${n}.png`))
      await lawyer.locator('.thumb').nth(n).waitFor()
    }
    await side(0)
    await lawyer.locator('[data-act=elements]').click()
    await lawyer.locator('form[aria-labelledby=told] .field.wrong').waitFor()
    await watch.screen(lawyer, flow.name('73-my-card-refused'))
    await side(1)
    await lawyer.locator('[data-act=elements]').click()
    await lawyer.locator('form[aria-labelledby=told] [role=status]:not(:empty)').waitFor()
  }
  await watch.screen(lawyer, flow.name('73-my-card'))
  watch.ok(flow.name('the card is kept'), (await lawyer.locator('form[aria-labelledby=told] .error').count()) === 0)

  const { id } = await flow.api(lawyer, '/me')
  await flow.open(operator, '/lawyers/' + id)
  await operator.locator('.thumb img').first().waitFor()
  const shown = await operator.locator('.thumb img').first().evaluate((i) => i.decode().then(() => i.naturalWidth, () => 0))
  watch.ok(flow.name('operations see the papers'), shown === 120, String(shown))
  await watch.screen(operator, flow.name('74-card'))
  await operator.locator('.thumb').first().press('Enter')
  await operator.locator('.ant-image-preview img').waitFor()
  await operator.keyboard.press('Escape')
  await operator.locator('.ant-image-preview').waitFor({ state: 'hidden' })
}

/** A place added by hand, another, one taken away; then everywhere again. */
async function places(flow, page) {
  const { watch } = flow
  const set = page.locator('form[aria-labelledby=practice] fieldset').nth(1)
  const box = set.locator('input[type=checkbox]')
  await box.uncheck()
  const add = async (codes) => {
    for (const [i, level] of ['province', 'city', 'county'].entries()) {
      if (!codes[i]) break
      await page.locator(`#regions-${level} option[value="${codes[i]}"]`).waitFor({ state: 'attached' })
      await pick(page, `#regions-${level}`, codes[i])
    }
    await set.locator('button').last().click()
  }
  await add(['440000', '440100', '440106'])
  const listed = set.locator('li')
  await listed.first().waitFor()
  await add(['440000', '440300'])
  await listed.nth(1).waitFor()
  await pick(page, '#regions-province', '440000')
  await page.locator('#regions-city').waitFor()
  await watch.screen(page, flow.name('73-my-card-places'))
  watch.ok(flow.name('places are told by their names'), !/\d{6}/.test(await listed.allInnerTexts().then((all) => all.join())))
  await listed.first().locator('button').click()
  await listed.nth(1).waitFor({ state: 'detached' })
  await box.check()
}

async function handDraw(flow) {
  const { watch } = flow
  const { inspector, lawyer } = flow.staff
  const { id } = await flow.api(lawyer, '/me')
  const month = new Date().toLocaleDateString('sv', { timeZone: 'Asia/Shanghai' }).slice(0, 7)
  await flow.open(inspector, `/quality/rates?month=${month}&lawyer=${id}`)
  await inspector.locator('[data-act=hand-draw]').click()
  await inspector.locator('#hd-reason-error').waitFor()
  await inspector.locator('#hd-percent').fill('100')
  await inspector.locator('#hd-seed').fill('public-' + flow.tag)
  await inspector.locator('#hd-reason').fill('公开抽样')
  await inspector.locator('[data-act=hand-draw]').click()
  const row = inspector.locator('tr[data-draw]', { hasText: 'public-' + flow.tag })
  await row.waitFor()
  await watch.screen(inspector, flow.name('75-hand-draw'))
  watch.ok(flow.name('the draw is drawn again to the same'), (await row.locator('.state.good').count()) === 1)
}

async function archive(flow) {
  const { watch } = flow
  const { operator } = flow.staff
  await flow.open(operator, '/archive')
  await operator.locator('table.stack tbody tr a', { hasText: flow.tag }).first().waitFor()
  await watch.screen(operator, flow.name('76-archive'))
  await operator.locator('table.stack tbody tr a', { hasText: flow.tag }).first().click()
  await operator.locator('article.card dt, article.card th').first().waitFor()
  await watch.screen(operator, flow.name('77-archived'))
  await operator.goto(`${flow.server.base}/desk/#/archive?from=1990-01-01&to=1990-01-02`)
  await operator.locator('.card.empty').waitFor()
  await watch.screen(operator, flow.name('78-archive-empty'))
}
