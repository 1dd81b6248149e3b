// Orders that were taken over from another system: to read only, apart from ours, in
// no figure. One opens with all its elements. req: B8.1.1.4 B8.2.2.5 BB.20501

import { call, query } from '../../../shared/api'
import { go } from '../../../shared/route'
import type { List } from '../../../shared/types'
import { useLoad, useName, usePages, useWhen, words } from '../app'
import { Input } from '../controls'
import { Facts, Heading, PagedTable, Wait, type Column } from '../parts'
import type { PageProps } from '.'

interface Archived { id: string; org: string; at: string; title?: string; type?: string; state?: string; source?: string; erased?: boolean }
interface Detail extends Archived { values: { code: string; name: string; value: string }[] }

const list = (q: { from: string; to: string; cursor?: string | undefined }) => call<List<Archived>>('GET', '/archived-orders' + query({ ...q, limit: 50 }))
const read = (id: string) => call<Detail>('GET', '/archived-orders/' + encodeURIComponent(id))

const useWords = words({
  title: ['历史工单', '歷史工單', 'Archive'],
  lead: [
    '从其他系统导入的工单，只供查阅，不计入本平台的任何数据。由管理员在“导入导出”中导入和导出。',
    '從其他系統匯入的工單，只供查閱，不計入本平台的任何數據。由管理員在「匯入匯出」匯入和匯出。',
    'Orders that were taken over from another system: to read only, and in no figure of this platform. Administrators bring them in and take them out under Import and export.',
  ],
  empty: ['没有历史工单。', '沒有歷史工單。', 'Nothing was taken over.'],
  order: ['标题', '標題', 'Title'],
  at: ['下单日期', '下單日期', 'Asked'],
  type: ['问题类型', '問題類型', 'Problem type'],
  state: ['状态', '狀態', 'Status'],
  source: ['来源', '來源', 'Source'],
  org: ['机构', '機構', 'Organisation'],
  from: ['从', '由', 'From'],
  to: ['到', '至', 'to'],
  erased: ['已按要求删除', '已按要求刪除', 'erased on request'],
  minutes: ['{n} 分钟', '{n} 分鐘', '{n} minutes'],
  back: ['← 返回列表', '← 返回列表', '← Back to the list'],
})

export default function ArchivePage({ route }: PageProps) {
  const id = route.parts[1]
  return id ? <One key={id} id={id} /> : <All from={route.query.get('from') ?? ''} to={route.query.get('to') ?? ''} />
}

/** "labour 劳动用工" is a code and its name: people read the name. */
const problem = (value: string) => value.replace(/^[a-z_]+ (?=\S)/, '')

const day = (x: string) => new Date(x).toLocaleDateString('sv', { timeZone: 'Asia/Shanghai' })

function All({ from, to }: { from: string; to: string }) {
  const t = useWords()
  const name = useName()
  const rows = usePages(['archive', from, to], (cursor) => list({ from, to, cursor }))
  const put = (more: { from?: string; to?: string }) => go('/archive' + query({ from, to, ...more }))
  const columns: Column<Archived>[] = [
    { key: 'title', title: t('order'), cell: (x) => (x.erased ? t('erased') : <a href={'#/archive/' + x.id}>{x.title}</a>) },
    { key: 'at', title: t('at'), cell: (x) => day(x.at) },
    { key: 'type', title: t('type'), cell: (x) => problem(x.type ?? '') },
    { key: 'state', title: t('state'), cell: (x) => x.state && <span className="state closed">{name('s', x.state)}</span> },
    { key: 'source', title: t('source'), cell: (x) => name('src', x.source ?? '') },
    { key: 'org', title: t('org'), cell: (x) => x.org },
  ]
  return (
    <>
      <Heading>{t('title')}</Heading>
      <p className="lead hint">{t('lead')}</p>
      <div className="filters">
        <label htmlFor="a-from">
          {t('from')} <Input id="a-from" type="date" value={from} onChange={(e) => put({ from: e.target.value })} />
        </label>
        <label htmlFor="a-to">
          {t('to')} <Input id="a-to" type="date" value={to} onChange={(e) => put({ to: e.target.value })} />
        </label>
      </div>
      <PagedTable of={rows} empty={t('empty')} label={t('title')} columns={columns} id={(x) => x.id} />
    </>
  )
}

function One({ id }: { id: string }) {
  const t = useWords()
  const time = useWhen()
  const name = useName()
  const one = useLoad(['archived', id], () => read(id))
  // Values lie in the archive as they came; what has words here is told in them.
  const shown = ({ code, value }: Detail['values'][number]): string => {
    switch (code) {
      case '20502':
        return value.includes('T') ? time(value) : value
      case '20503':
        return problem(value)
      case '20505':
        return name('s', value)
      case '20511': {
        const minutes = /^PT(\d+)M$/.exec(value)?.[1]
        return minutes ? t('minutes', { n: minutes }) : value
      }
      case '20515':
        return name('src', value)
    }
    return value
  }
  return (
    <div className="single">
      <p className="backlink">
        <a href="#/archive">{t('back')}</a>
      </p>
      <Wait of={one}>
        {(x) => (
          <article className="card">
            <Heading>{x.title ?? t('title')}</Heading>
            <Facts rows={[...x.values.map((v): [string, string] => [`${v.name} (${v.code})`, shown(v)]), [t('org'), x.org]]} />
          </article>
        )}
      </Wait>
    </div>
  )
}
