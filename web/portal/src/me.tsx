// What a person tells of himself: name, user name, e-mail, native place, address
// (Appendix B.1). All of it is his to give or leave out; a question needs none of
// it. Fetched when it is opened. req: BB.20101 BB.20102 BB.20104 BB.20105 BB.20106

import { useEffect, useState } from 'preact/hooks'
import * as api from '../../shared/api'
import { reader, type Triple } from '../../shared/lang'
import type { Element, Elements, Region } from '../../shared/types'
import { useApp, useLoad, useSay } from './app'
import { Field, Heading, Problem, useSend, Wait } from './parts'
import { useOwn } from './records'

const rows = {
  lead: [
    '这些内容由您决定填不填，不填也可以咨询。加密保存，您可以随时修改或清空。',
    '以下內容由您決定是否填寫，不填亦可諮詢。內容加密保存，您可隨時修改或清空。',
    'It is up to you what you tell; you can ask without any of it. It is kept encrypted, and you can change it or take it away at any time.',
  ],
  name: ['姓名', '姓名', 'Name'],
  optional: ['可不填', '可不填', 'Optional'],
  user_name: ['不填时由系统生成', '不填時由系統產生', 'Made for you if you choose none'],
  province: ['省、自治区、直辖市', '省、自治區、直轄市', 'Province'],
  city: ['市、州', '市、州', 'City'],
  none: ['不填', '不填', 'None'],
  save: ['保存', '儲存', 'Save'],
  saved: ['已保存。', '已儲存。', 'Saved.'],
} satisfies Record<string, Triple>
const speakIn = reader(rows)

export default function MePage() {
  const t = useSay()
  const { lang } = useApp()
  const own = useOwn('/me')
  const told = useLoad(() => (own ? api.elements() : new Promise<never>(() => {})), [own, lang])
  if (!own) return null
  return (
    <>
      <Heading>{t('me')}</Heading>
      <p class="lead">{speakIn(lang)('lead')}</p>
      <Wait of={told}>{(e) => <Form told={e} />}</Wait>
    </>
  )
}

function Form({ told }: { told: Elements }) {
  const { lang, me, refresh } = useApp()
  const say = useSay()
  const t = speakIn(lang)
  const [name, setName] = useState(me?.name ?? '')
  const [values, setValues] = useState(told.values)
  const [saved, setSaved] = useState(false)
  const { busy, error, send } = useSend()
  const at = (path: string) => (error instanceof api.Refusal ? error.at(path) : undefined)
  const put = (code: string, v: string) => {
    setSaved(false)
    setValues({ ...values, [code]: v })
  }
  const submit = (e: Event) => {
    e.preventDefault()
    setSaved(false)
    void send(async () => {
      if (name.trim() && name !== (me?.name ?? '')) await api.changeMe({ name: name.trim() })
      const changed = told.fields.filter((f) => (values[f.code] ?? '') !== (told.values[f.code] ?? ''))
      const kept = await api.describe(Object.fromEntries(changed.map((f) => [f.code, values[f.code] ?? ''])))
      Object.assign(told, kept)
      setValues(kept.values)
      await refresh()
      setSaved(true)
    })
  }
  return (
    <form class="card" onSubmit={submit} noValidate>
      <Field id="name" label={t('name')} error={at('name')}>
        {(aria) => <input {...aria} autocomplete="name" value={name} onInput={(e) => (setSaved(false), setName(e.currentTarget.value))} />}
      </Field>
      {told.fields.map((f) => (
        <One key={f.code} f={f} value={values[f.code] ?? ''} put={(v) => put(f.code, v)} error={at('values.' + f.code)} />
      ))}
      {error !== undefined && !(error instanceof api.Refusal && error.fields.size > 0) && <Problem error={error} />}
      <p role="status">{saved ? t('saved') : ''}</p>
      <button class="primary" disabled={busy}>
        {busy ? say('sending') : t('save')}
      </button>
    </form>
  )
}

function One({ f, value, put, error }: { f: Element; value: string; put: (v: string) => void; error: string | undefined }) {
  const t = speakIn(useApp().lang)
  const id = 'e' + f.code
  if (f.kind === 'region') return <Place id={id} label={f.name} value={value} put={put} error={error} />
  return (
    <Field id={id} label={f.name} hint={t(f.code === '20102' ? 'user_name' : 'optional')} error={error}>
      {(aria) =>
        f.max > 128 ? (
          <textarea {...aria} rows={3} value={value} onInput={(e) => put(e.currentTarget.value)} />
        ) : (
          <input {...aria} inputMode={f.kind === 'email' ? 'email' : 'text'} value={value} onInput={(e) => put(e.currentTarget.value)} />
        )
      }
    </Field>
  )
}

/** A province, or a city of it: the code of GB/T 2260. */
function Place({ id, label, value, put, error }: { id: string; label: string; value: string; put: (v: string) => void; error: string | undefined }) {
  const { lang } = useApp()
  const t = speakIn(lang)
  const province = value ? value.slice(0, 2) + '0000' : ''
  const provinces = useLoad(() => api.regions(), [lang])
  const [cities, setCities] = useState<Region[]>([])
  useEffect(() => {
    let dead = false
    setCities([])
    if (province) api.regions(province).then((r) => dead || setCities(r.items), () => {})
    return () => {
      dead = true
    }
  }, [province, lang])
  const options = (list: Region[]) =>
    list.map((r) => (
      <option key={r.code} value={r.code}>
        {r.name}
      </option>
    ))
  return (
    <fieldset>
      <legend>{label}</legend>
      <Field id={id} label={t('province')} hint={t('optional')} error={error}>
        {(aria) => (
          <select {...aria} value={province} onChange={(e) => put(e.currentTarget.value)}>
            <option value="">{t('none')}</option>
            {options(provinces.data?.items ?? [])}
          </select>
        )}
      </Field>
      {cities.length > 0 && (
        <Field id={id + '-city'} label={t('city')}>
          {(aria) => (
            <select {...aria} value={cities.some((c) => c.code === value) ? value : ''} onChange={(e) => put(e.currentTarget.value || province)}>
              <option value="">{t('none')}</option>
              {options(cities)}
            </select>
          )}
        </Field>
      )}
    </fieldset>
  )
}
