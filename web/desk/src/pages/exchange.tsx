// Data in and out by the elements of Appendix B: downloads, templates, and imports
// that are checked first, run with their progress, and can be left and found again.

import { useRef, useState } from 'react'
import * as api from '../../../shared/api'
import { newID } from '../../../shared/ident'
import { useLoad, usePages, useVerb, useWhen, words } from '../app'
import { Button, Checkbox, Input, Progress } from '../controls'
import { at, Choice, Field, Heading, onSubmit, PagedTable, Problem, Send, Table, Wait, type Column } from '../parts'
import type { PageProps } from './index'

const useWords = words({
  title: ['数据导入导出', '數據匯入匯出', 'Import and export'],
  lead: ['按附录 B 的 45 个数据元导入和导出用户、律师和订单。导出文件含个人信息，每次导出都会留下记录。', '按附錄 B 的 45 個數據元匯入和匯出用戶、律師和訂單。匯出檔案含個人資料，每次匯出都會留下紀錄。', 'Users, lawyers and orders by the 45 elements of Appendix B. An export holds personal data; each one is on record.'],
  export: ['导出', '匯出', 'Export'],
  import: ['导入', '匯入', 'Import'],
  table: ['内容', '內容', 'Content'],
  users: ['用户', '用戶', 'Users'],
  lawyers: ['律师', '律師', 'Lawyers'],
  orders: ['订单', '訂單', 'Orders'],
  format: ['格式', '格式', 'Format'],
  from: ['下单日期自', '下單日期由', 'Asked from'],
  to: ['至', '至', 'to'],
  lists: ['法院和领域逐项列出（是为 1，否为 0）', '法院和範疇逐項列出（是為 1，否為 0）', 'A column for each court and field (1 yes, 0 no)'],
  download: ['下载', '下載', 'Download'],
  template: ['下载空白模板', '下載空白範本', 'Download an empty template'],
  file: ['文件', '檔案', 'File'],
  file_hint: ['CSV、XLSX 或 JSON，不超过 64 MB、20 万行。先检查，不会改动任何数据。', 'CSV、XLSX 或 JSON，不超過 64 MB、20 萬列。先檢查，不會更改任何數據。', 'CSV, XLSX or JSON, at most 64 MB and 200,000 rows. It is checked first and changes nothing.'],
  pick: ['选择文件', '選擇檔案', 'Choose a file'],
  nth: ['第 {n} 行', '第 {n} 列', 'Row {n}'],
  erase: ['删除导入的个人数据', '刪除匯入的個人資料', 'Erase imported personal data'],
  erase_lead: ['适用于在本平台没有账户的人：含此手机号的导入数据全部销毁，不能恢复。有账户的人请用“删除个人信息”。', '適用於在本平台沒有帳戶的人：含此手提電話號碼的匯入資料全部銷毀，不能復原。有帳戶的人請用「刪除個人資料」。', 'For persons without an account here: all imported rows with this phone are destroyed and can’t be brought back. For those with an account use Erasure.'],
  phone: ['手机号', '手提電話號碼', 'Mobile phone'],
  erase_sure: ['我已核对，并知道不能恢复', '我已核對，並知道不能復原', 'I have checked it, and know that it can’t be undone'],
  erase_do: ['销毁', '銷毀', 'Destroy'],
  erased: ['已销毁 {n} 行。', '已銷毀 {n} 列。', '{n} rows were destroyed.'],
  choose_file: ['请选择文件。', '請選擇檔案。', 'Choose a file.'],
  wrong_type: ['请选择 CSV、XLSX 或 JSON 文件。', '請選擇 CSV、XLSX 或 JSON 檔案。', 'Choose a CSV, XLSX or JSON file.'],
  upload: ['上传并检查', '上載並檢查', 'Upload and check'],
  past: ['导入记录', '匯入紀錄', 'Imports'],
  past_empty: ['还没有导入过。上传的文件会列在这里，关掉页面也能找回。', '尚未匯入過。上載的檔案會列在這裏，關閉頁面後亦可找回。', 'Nothing was imported yet. Files you upload are listed here, also after you leave the page.'],
  state: ['状态', '狀態', 'State'],
  checking: ['检查中', '檢查中', 'Checking'],
  refused: ['有误，未导入', '有誤，未匯入', 'Faults; nothing was imported'],
  checked: ['检查通过，待导入', '檢查通過，待匯入', 'Checked; ready to run'],
  running: ['导入中', '匯入中', 'Importing'],
  done: ['已完成', '已完成', 'Done'],
  cancelled: ['已取消', '已取消', 'Cancelled'],
  rows: ['行数', '列數', 'Rows'],
  wrong: ['错误', '錯誤', 'Faults'],
  by: ['上传人', '上載人', 'By'],
  at: ['时间', '時間', 'When'],
  back: ['返回', '返回', 'Back'],
  run: ['开始导入', '開始匯入', 'Run the import'],
  run_lead: ['共 {n} 行，没有发现错误。开始后全部导入，或者一行也不导入。', '共 {n} 列，沒有發現錯誤。開始後全部匯入，或者一列也不匯入。', '{n} rows, no faults. Either all of them are imported or none.'],
  cancel: ['取消这次导入', '取消這次匯入', 'Cancel this import'],
  progress: ['已保存 {done} / {n} 行。可以离开本页，导入会继续。', '已儲存 {done} / {n} 列。可離開本頁，匯入會繼續。', '{done} of {n} rows kept. You may leave this page; it goes on.'],
  looking: ['已检查 {n} 行。可以离开本页，检查会继续。', '已檢查 {n} 列。可離開本頁，檢查會繼續。', '{n} rows looked through. You may leave this page; it goes on.'],
  finished: ['{n} 行已全部导入。', '{n} 列已全部匯入。', 'All {n} rows were imported.'],
  gave_up: ['已取消，没有留下任何数据。', '已取消，沒有留下任何數據。', 'Cancelled; nothing of it is left.'],
  found: ['发现 {n} 处错误，没有导入任何数据。改正文件后重新上传。', '發現 {n} 處錯誤，沒有匯入任何數據。改正檔案後重新上載。', '{n} faults were found and nothing was imported. Correct the file and upload it again.'],
  first: ['以下是前 {n} 处。', '以下是首 {n} 處。', 'These are the first {n}.'],
  row: ['行', '列', 'Row'],
  column: ['列', '欄', 'Column'],
  whole: ['整个文件', '整個檔案', 'Whole file'],
  what: ['问题与改法', '問題與改法', 'What is wrong and what to do'],
  asked: ['导入时必须填写', '匯入時必須填寫', 'What an import must have'],
  standard: ['用户的籍贯和详细地址', '用戶的籍貫和詳細地址', "A user's native place and address"],
  fees: ['律师的支付宝账号（向律师付费时）', '律師的支付寶帳號（向律師付費時）', "A lawyer's payment account (where fees are paid)"],
  strict: ['订单的联系邮箱', '訂單的聯絡電郵', "An order's contact e-mail"],
  save: ['保存', '儲存', 'Save'],
  saved: ['已保存。', '已儲存。', 'Saved.'],
})

const tables = ['users', 'lawyers', 'orders'] as const
const formats = ['xlsx', 'csv', 'json'] as const

export default function ExchangePage({ route }: PageProps) {
  const id = route.parts[1]
  return id ? <One id={id} /> : <All />
}

function All() {
  const t = useWords()
  return (
    <>
      <Heading>{t('title')}</Heading>
      <p className="lead hint">{t('lead')}</p>
      <div className="two-cards">
        <Export />
        <Upload />
      </div>
      <Past />
      <div className="two-cards">
        <Rules />
        <Erase />
      </div>
    </>
  )
}

function Export() {
  const t = useWords()
  const [table, setTable] = useState<string>('orders')
  const [format, setFormat] = useState<string>('xlsx')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [lists, setLists] = useState(false)
  const day = (d: string) => (table === 'orders' && d ? d : undefined)
  return (
    <section className="card" aria-labelledby="export-title">
      <h2 id="export-title">{t('export')}</h2>
      <Field id="export-table" label={t('table')}>
        {(aria) => <Choice {...aria} value={table} onChange={setTable} options={tables.map((x) => ({ value: x, label: t(x) }))} />}
      </Field>
      <Field id="export-format" label={t('format')}>
        {(aria) => <Choice {...aria} value={format} onChange={setFormat} options={formats.map((x) => ({ value: x, label: x.toUpperCase() }))} />}
      </Field>
      {table === 'orders' && (
        <div className="days">
          <Field id="export-from" label={t('from')}>
            {(aria) => <Input {...aria} type="date" value={from} max={to || undefined} onChange={(e) => setFrom(e.target.value)} />}
          </Field>
          <Field id="export-to" label={t('to')}>
            {(aria) => <Input {...aria} type="date" value={to} min={from || undefined} onChange={(e) => setTo(e.target.value)} />}
          </Field>
        </div>
      )}
      {table === 'lawyers' && (
        <p>
          <Checkbox checked={lists} onChange={(e) => setLists(e.target.checked)}>
            {t('lists')}
          </Checkbox>
        </p>
      )}
      <p className="actions">
        <Button type="primary" href={api.exportFile(table, { format, booleans: table === 'lawyers' && lists ? 'true' : undefined, from: day(from), to: day(to) })} download>
          {t('download')}
        </Button>
        <Button type="link" href={api.exportFile(table, { format, template: 'true' })} download>
          {t('template')}
        </Button>
      </p>
    </section>
  )
}

const ending = (name: string) => formats.find((f) => name.toLowerCase().endsWith('.' + f))

function Upload() {
  const t = useWords()
  const input = useRef<HTMLInputElement>(null)
  const [table, setTable] = useState<string>('orders')
  const [file, setFile] = useState<File>()
  const [tried, setTried] = useState(false)
  const format = file && ending(file.name)
  const wrong = !file ? t('choose_file') : !format ? t('wrong_type') : undefined
  const send = useVerb(
    () => api.uploadImport(newID(), { table, format: format!, name: file!.name }, file!),
    (i) => {
      location.hash = '#/exchange/' + i.id
    },
  )
  const submit = () => {
    setTried(true)
    if (!wrong) send.mutate(undefined)
  }
  return (
    <form className="card" onSubmit={onSubmit(submit)} noValidate aria-labelledby="import-title">
      <h2 id="import-title">{t('import')}</h2>
      <Field id="import-table" label={t('table')}>
        {(aria) => <Choice {...aria} value={table} onChange={setTable} options={tables.map((x) => ({ value: x, label: t(x) }))} />}
      </Field>
      <Field id="import-file" label={t('file')} hint={t('file_hint')} error={tried ? wrong : undefined}>
        {(aria) => (
          <p className="actions">
            <input ref={input} id="import-input" type="file" hidden accept=".csv,.xlsx,.json" onChange={(e) => setFile(e.target.files?.[0])} />
            <Button id={aria.id} aria-describedby={aria['aria-describedby']} onClick={() => input.current?.click()}>
              {t('pick')}
            </Button>
            <span aria-live="polite">{file?.name}</span>
          </p>
        )}
      </Field>
      <Problem error={send.error} />
      <Send pending={send.isPending}>{t('upload')}</Send>
    </form>
  )
}

function Past() {
  const t = useWords()
  const time = useWhen()
  const list = usePages(['imports'], api.imports, 5_000)
  const columns: Column<api.Import>[] = [
    { key: 'name', title: t('file'), cell: (i) => <a href={'#/exchange/' + i.id}>{i.name || i.id.slice(-8)}</a> },
    { key: 'table', title: t('table'), cell: (i) => t(i.table) },
    { key: 'state', title: t('state'), cell: (i) => t(i.state) },
    { key: 'rows', title: t('rows'), cell: (i) => i.rows, figure: true },
    { key: 'wrong', title: t('wrong'), cell: (i) => i.wrong, figure: true },
    { key: 'by', title: t('by'), cell: (i) => i.by },
    { key: 'at', title: t('at'), cell: (i) => time(i.made_at) },
  ]
  return (
    <section aria-labelledby="past-title">
      <h2 id="past-title">{t('past')}</h2>
      <PagedTable of={list} empty={t('past_empty')} label={t('past')} columns={columns} id={(i) => i.id} />
    </section>
  )
}

function One({ id }: { id: string }) {
  const t = useWords()
  const time = useWhen()
  const [busy, setBusy] = useState(true)
  const one = useLoad(['imports', id], async () => {
    const i = await api.getImport(id)
    setBusy(i.state === 'checking' || i.state === 'running')
    return i
  }, busy ? 1_000 : 0)
  const run = useVerb((i: api.Import) => api.runImport(i.id, i.rev), () => setBusy(true))
  const cancel = useVerb((i: api.Import) => api.cancelImport(i.id, i.rev))
  const columns: Column<api.ImportProblem>[] = [
    { key: 'row', title: t('row'), cell: (p) => (p.row ? t('nth', { n: p.row }) : t('whole')) },
    { key: 'column', title: t('column'), cell: (p) => [p.column, p.name].filter(Boolean).join(' ') },
    { key: 'what', title: t('what'), cell: (p) => p.text },
  ]
  return (
    <>
      <Heading extra={<a href="#/exchange">{t('back')}</a>}>{t('import')}</Heading>
      <Wait of={one}>
        {(i) => (
          <>
            <section className="card" aria-live="polite">
              <p>
                <b>{i.name || i.id}</b> <span className="hint">{[t(i.table), i.format.toUpperCase(), i.by, time(i.made_at)].filter(Boolean).join(' · ')}</span>
              </p>
              <p>
                <b>{t(i.state)}</b>
              </p>
              {i.state === 'checking' && <p>{t('looking', { n: i.rows })}</p>}
              {i.state === 'running' && (
                <>
                  <Progress percent={i.rows ? Math.floor((100 * i.kept) / i.rows) : 0} aria-label={t('running')} />
                  <p>{t('progress', { done: i.kept, n: i.rows })}</p>
                </>
              )}
              {i.state === 'checked' && <p>{t('run_lead', { n: i.rows })}</p>}
              {i.state === 'done' && <p className="note good" role="status">{t('finished', { n: i.rows })}</p>}
              {i.state === 'cancelled' && <p className="note">{t('gave_up')}</p>}
              {i.state === 'refused' && <p className="note bad" role="alert">{t('found', { n: i.wrong })} {i.wrong > i.problems.length && t('first', { n: i.problems.length })}</p>}
              {i.trouble && <p className="note warn">{i.trouble}</p>}
              <Problem error={run.error ?? cancel.error} />
              {(i.state === 'checked' || i.state === 'checking' || i.state === 'running') && (
                <p className="actions">
                  {i.state === 'checked' && (
                    <Button type="primary" loading={run.isPending} onClick={() => run.mutate(i)}>
                      {t('run')}
                    </Button>
                  )}
                  <Button danger loading={cancel.isPending} onClick={() => cancel.mutate(i)}>
                    {t('cancel')}
                  </Button>
                </p>
              )}
            </section>
            {i.problems.length > 0 && <Table label={t('what')} columns={columns} rows={i.problems} id={(p) => `${p.row}-${p.column}-${p.key}`} />}
          </>
        )}
      </Wait>
    </>
  )
}

function Rules() {
  const t = useWords()
  const now = useLoad(['exchange-rules'], api.exchangeRules)
  const [change, setChange] = useState<Partial<api.ExchangeRules>>({})
  const save = useVerb((r: api.ExchangeRules) => api.setExchangeRules(r), () => setChange({}))
  return (
    <section className="card" aria-labelledby="rules-title">
      <h2 id="rules-title">{t('asked')}</h2>
      <Wait of={now}>
        {(r) => (
          <form onSubmit={onSubmit(() => save.mutate({ ...r, ...change }))}>
            {(['standard', 'fees', 'strict'] as const).map((k) => (
              <p key={k}>
                <Checkbox checked={change[k] ?? r[k]} onChange={(e) => setChange({ ...change, [k]: e.target.checked })}>
                  {t(k)}
                </Checkbox>
              </p>
            ))}
            <Problem error={save.error} />
            {save.isSuccess && Object.keys(change).length === 0 && <p className="note good" role="status">{t('saved')}</p>}
            <Send pending={save.isPending}>{t('save')}</Send>
          </form>
        )}
      </Wait>
    </section>
  )
}

function Erase() {
  const t = useWords()
  const [phone, setPhone] = useState('')
  const [sure, setSure] = useState(false)
  const send = useVerb(
    () => api.eraseImported(phone),
    () => {
      setPhone('')
      setSure(false)
    },
  )
  return (
    <form className="card" onSubmit={onSubmit(() => phone.trim() && sure && send.mutate(undefined))} noValidate aria-labelledby="erase-title">
      <h2 id="erase-title">{t('erase')}</h2>
      <p className="hint">{t('erase_lead')}</p>
      <Field id="erase-phone" label={t('phone')} error={at(send.error, 'phone')}>
        {(aria) => <Input {...aria} inputMode="tel" autoComplete="off" value={phone} onChange={(e) => setPhone(e.target.value)} />}
      </Field>
      {send.error && !at(send.error, 'phone') ? <Problem error={send.error} /> : null}
      {send.isSuccess && <p className="note good" role="status">{t('erased', { n: send.data.rows })}</p>}
      <p>
        <Checkbox checked={sure} onChange={(e) => setSure(e.target.checked)}>
          {t('erase_sure')}
        </Checkbox>
      </p>
      <Send pending={send.isPending} danger disabled={!phone.trim() || !sure}>{t('erase_do')}</Send>
    </form>
  )
}
