// Lighthouse over the portal, as a citizen opens it for the first time: its mobile
// preset (slow 4G and a processor four times slower, simulated). One JSON line a page:
// the median run of three. Accessibility, best practices and SEO must be 100; speed is a
// measurement of the machine too and only told.
//
// Lighthouse 12.8.2 is the newest that runs on Node 20. It has 200 packages, so it is
// not among the pages' own: `make lighthouse` fetches it here.
//
//   node measure/portal.mjs [--runs 3]
import { chromium } from 'playwright-core'
import lighthouse from 'lighthouse'
import { start } from '../e2e/server.mjs'
import { browserPath, program } from './setup.mjs'

const runs = Number(process.argv[process.argv.indexOf('--runs') + 1]) || 3
const port = 9300 + (process.pid % 600)
const categories = ['performance', 'accessibility', 'best-practices', 'seo']

const server = await start(program, '/dev/null')
const browser = await chromium.launch({ executablePath: browserPath, args: ['--headless', '--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`] })
let whole = true
try {
  for (const [page, path] of [['portal', '/'], ['portal, asking', '/#/ask'], ['without script', '/m/']]) {
    const all = []
    for (let i = 0; i < runs; i++) {
      const { lhr } = await lighthouse(server.base + path, { port, output: 'json', logLevel: 'error', onlyCategories: categories })
      all.push(lhr)
    }
    const lhr = all.sort((a, b) => a.categories.performance.score - b.categories.performance.score)[Math.floor(runs / 2)]
    const scores = Object.fromEntries(categories.map((c) => [c.replace('-', '_'), Math.round(100 * lhr.categories[c].score)]))
    const ms = (audit) => Math.round(lhr.audits[audit].numericValue)
    const low = Object.values(lhr.audits).filter((a) => a.score !== null && a.score < 1 && categories.some((c) => lhr.categories[c].auditRefs.some((r) => r.id === a.id && r.weight > 0)))
    console.log(JSON.stringify({ page, ...scores, first_paint_ms: ms('first-contentful-paint'), largest_paint_ms: ms('largest-contentful-paint'), blocked_ms: ms('total-blocking-time'), below_100: low.map((a) => a.id) }))
    whole &&= ['accessibility', 'best_practices', 'seo'].every((c) => scores[c] === 100)
  }
} finally {
  await browser.close()
  await server.stop()
}
process.exit(whole ? 0 : 1)
