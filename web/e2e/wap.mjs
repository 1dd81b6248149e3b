// The plain pages below /m/: ask in three steps, then see the answered order of
// the portal with the same session. Scripts stay switched on for axe alone: that
// no page holds one, and that its policy lets none run, is checked on each.
// req: B5.2.2 B5.2.4 B6.1b B7.1.2.1a B7.1.2.3a BB.20104 BB.20105 BB.20106

import { png } from './png.mjs'
import { codeFor } from './server.mjs'

export async function plainPages({ server, watch, lang, tag, page, phone, cookies, answered, question, name }) {
  const shot = async (n) => {
    const policy = (await (await page.request.get(page.url())).headers())['content-security-policy'] ?? ''
    const scripts = await page.evaluate(() => document.scripts.length)
    watch.ok(`${tag}-${n}: no script`, scripts === 0 && policy.includes("default-src 'none'") && !policy.includes('script-src'), policy)
    await watch.screen(page, `${tag}-${n}`)
  }
  const go = () => page.locator('main button.main').click()
  await page.goto(`${server.base}/m/lang/${lang}`)
  await page.locator('a.entry').first().waitFor()
  await shot('30-m-home')
  await page.locator('a.entry.main').click()
  // One list after the other until there is none below.
  while (await page.locator('#in').count()) {
    const codes = await page.locator('#in option').evaluateAll((list) => list.map((o) => o.value).filter(Boolean))
    await page.locator('#in').selectOption(codes.find((c) => /^(440000|440100|440106)$/.test(c)) ?? codes[0])
    const before = page.url()
    await go()
    await page.waitForURL((u) => u.href !== before)
    await page.locator('#in, #question').first().waitFor()
  }
  await page.locator('#question').fill(question)
  await shot('31-m-question')
  await go()
  await page.locator('#name').fill(name)
  await page.locator('#phone').fill(phone)
  if (!(await page.locator('#type').inputValue())) await page.locator('#type').selectOption({ index: 1 })
  await go()
  await page.locator('#code').fill(await codeFor(server.base, phone))
  await page.locator('#files').setInputFiles([
    { name: 'wage.png', mimeType: 'image/png', buffer: png(24, 60) },
    { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('this is no picture') },
  ])
  await shot('32-m-contact')
  await go()
  await page.locator('input[name=kept]').waitFor()
  watch.ok(`${tag}: a file that is no picture is refused, the other is kept`, (await page.locator('input[name=kept]').count()) === 1 && (await page.locator('.problem').count()) === 1)
  await shot('32-m-refused-file')
  await go()
  await page.locator('.good').waitFor()
  watch.ok(`${tag}: asked without script`, /\/m\/orders\/[^/]+\?sent=1$/.test(page.url()), page.url())
  watch.ok(`${tag}: its file is there`, (await page.locator('main a.tap', { hasText: 'wage.png' }).count()) === 1)
  await shot('33-m-sent')
  await myDetails({ server, watch, tag, page, shot, go })
  await evidence({ server, watch, tag, page, shot, go })

  await page.context().clearCookies()
  await page.context().addCookies(cookies)
  await page.goto(`${server.base}/m/lang/${lang}`)
  await page.goto(`${server.base}/m/orders/${answered}`)
  await page.locator('ol li').first().waitFor()
  await shot('34-m-answered')
}

/** req: BB.20104 BB.20105 BB.20106 — refused beside the field, and nothing typed is lost */
async function myDetails({ server, watch, tag, page, shot, go }) {
  await page.goto(`${server.base}/m/orders`)
  await page.locator('main a[href="/m/me"]').click()
  await page.locator('#e20104').fill('no address')
  await page.locator('#e20106').fill('天河区一号')
  await go()
  await page.locator('#e20104-error').waitFor()
  const said = await page.locator('#e20104').evaluate((e) => e.getAttribute('aria-describedby').split(' ').every((i) => document.getElementById(i)))
  watch.ok(`${tag}: a refused detail is at its field`, said && (await page.locator('#e20104[aria-invalid=true]').inputValue()) === 'no address')
  watch.ok(`${tag}: the other details are not lost`, (await page.locator('#e20106').inputValue()) === '天河区一号')
  await shot('35-m-me-refused')
  await page.locator('#e20104').fill('wang@example.com')
  await page.locator('#e20105').selectOption('440000')
  await go()
  await page.locator('.good').waitFor()
  await page.locator('#e20105-city').selectOption('440100')
  await go()
  await page.locator('#e20105-city option[value="440100"][selected]').waitFor({ state: 'attached' })
  watch.ok(`${tag}: details are kept`, (await page.locator('#e20104').inputValue()) === 'wang@example.com' && (await page.locator('#e20106').inputValue()) === '天河区一号')
  await shot('35-m-me')
}

/** req: B7.1.2.3a — a complaint with files, one of which is refused and sent again */
async function evidence({ server, watch, tag, page, shot, go }) {
  await page.goto(`${server.base}/m/complain`)
  await page.locator('#text').fill('律师一直没有回电话。')
  await page.locator('#files').setInputFiles([
    { name: 'chat.png', mimeType: 'image/png', buffer: png(30, 40) },
    { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('this is no picture') },
  ])
  await go()
  await page.locator('#files-error', { hasText: 'notes.png' }).waitFor()
  watch.ok(`${tag}: the complaint and its picture are there`, (await page.locator('section.card').count()) === 1 && (await page.locator('main a.tap', { hasText: 'chat.png' }).count()) === 1)
  await shot('36-m-complaint-refused-file')
  await page.locator('#files').setInputFiles([{ name: 'letter.png', mimeType: 'image/png', buffer: png(12, 12) }])
  await page.locator('form button:not(.link)').click()
  await page.locator('.good').waitFor()
  const file = page.locator('main a.tap', { hasText: 'letter.png' })
  const got = await page.request.get(new URL(await file.getAttribute('href'), server.base).href)
  watch.ok(`${tag}: the file comes as it was sent`, got.status() === 200 && Buffer.compare(await got.body(), png(12, 12)) === 0, `${got.status()}`)
  await shot('36-m-complaint')
}
