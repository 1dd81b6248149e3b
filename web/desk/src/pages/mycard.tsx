// A lawyer's own card: what he does and where, by which he is given orders; and what
// the standard wants to know of him (Tables B.2 to B.4), one by one, pictures too.
// req: BB.20204 BB.20206 BB.20207 BB.20208 BB.20209 BB.20303 BB.20304 BB.20305 BB.20307

import { useRef, useState } from 'react'
import * as shared from '../../../shared/api'
import { langNames, langs } from '../../../shared/lang'
import type { Element, Elements } from '../../../shared/types'
import { putNamed } from '../../../shared/upload'
import { Thumb } from '../above'
import { client, told, useLoad, useSay, useVerb } from '../app'
import { Button, Checkbox, Input } from '../controls'
import { at, Choice, Facts, Field, Heading, onSubmit, Problem, Send, Wait } from '../parts'
import * as api from './cardapi'
import { useWords } from './cardtexts'
import { Named, Place } from './regions'

export default function MyCardPage() {
  const t = useWords()
  const mine = useLoad(['my-practice'], api.mine)
  const elements = useLoad(['my-elements'], shared.elements)
  return (
    <div className="single">
      <Heading>{t('title')}</Heading>
      <Wait of={mine}>{(m) => <PracticeForm m={m} />}</Wait>
      <Wait of={elements}>{(e) => <ToldForm e={e} />}</Wait>
    </div>
  )
}

function PracticeForm({ m }: { m: api.Mine }) {
  const t = useWords()
  const types = useLoad(['types'], shared.problemTypes)
  const [d, setD] = useState<api.Practice>({ firm: m.firm, areas: m.areas, regions: m.regions, languages: m.languages })
  const [saved, setSaved] = useState(false)
  const put = (more: Partial<api.Practice>) => {
    setSaved(false)
    setD({ ...d, ...more })
  }
  const send = useVerb(
    () => api.change(d),
    () => {
      setSaved(true)
      void client.invalidateQueries({ queryKey: ['my-practice'] })
    },
  )
  const all = { value: '*', label: t('all') }
  // "All" alone, or some without it
  const pick = (old: string[], chosen: string[]) => (chosen.includes('*') && !old.includes('*') ? ['*'] : chosen.filter((c) => c !== '*'))
  return (
    <form className="card" aria-labelledby="practice" onSubmit={onSubmit(() => send.mutate(undefined))} noValidate>
      <h2 id="practice">{t('practice')}</h2>
      <p className="hint">{t('practice_lead')}</p>
      <Facts rows={[[t('nickname'), m.nickname], [t('joined'), m.joined_on]]} />
      <Field id="firm" label={t('firm')} error={at(send.error, 'firm')}>
        {(aria) => <Input {...aria} value={d.firm} onChange={(e) => put({ firm: e.target.value })} />}
      </Field>
      <Many
        name="areas"
        legend={t('areas')}
        error={at(send.error, 'areas')}
        value={d.areas}
        options={[all, ...(types.data?.items ?? []).map((x) => ({ value: x.code, label: x.name }))]}
        onChange={(v) => put({ areas: pick(d.areas, v) })}
      />
      <Regions value={d.regions} error={at(send.error, 'regions')} onChange={(regions) => put({ regions })} />
      <Many name="languages" legend={t('languages')} error={at(send.error, 'languages')} value={d.languages} options={langs.map((l) => ({ value: l, label: langNames[l] }))} onChange={(v) => put({ languages: v })} />
      <Problem error={send.error} />
      <Send pending={send.isPending} data-act="practice">{t('save')}</Send> <span role="status">{saved ? t('saved') : ''}</span>
    </form>
  )
}

/** Everywhere, or the places one has picked: by name, each may be taken out again. */
function Regions({ value, error, onChange }: { value: readonly string[]; error: string | undefined; onChange: (value: string[]) => void }) {
  const t = useWords()
  const everywhere = value.includes('*')
  const [picked, setPicked] = useState(() => value.filter((c) => c !== '*'))
  const [turn, setTurn] = useState(0)
  const [place, setPlace] = useState('')
  const pick = (list: string[]) => {
    setPicked(list)
    onChange(list)
  }
  return (
    <fieldset className={error ? 'field wrong' : 'field'} aria-describedby={error && 'regions-error'}>
      <legend>{t('regions')}</legend>
      <Checkbox checked={everywhere} onChange={(e) => onChange(e.target.checked ? ['*'] : picked)}>
        {t('everywhere')}
      </Checkbox>
      {!everywhere && (
        <>
          <ul className="attaching">
            {picked.map((c) => (
              <li key={c}>
                <Named code={c} />{' '}
                <Button type="text" size="small" onClick={() => pick(picked.filter((x) => x !== c))}>
                  {t('remove')}
                </Button>
              </li>
            ))}
          </ul>
          <Place key={turn} id="regions" onChange={setPlace} />
          <Button
            disabled={!place || picked.includes(place)}
            onClick={() => {
              pick([...picked, place])
              setPlace('')
              setTurn(turn + 1)
            }}
          >
            {t('region_add')}
          </Button>
        </>
      )}
      {error && (
        <p className="error" id="regions-error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}

interface ManyProps { name: string; legend: string; value: readonly string[]; options: readonly { value: string; label: string }[]; error?: string | undefined; onChange: (value: string[]) => void }

/** Several of a list, all in sight. */
function Many({ name, legend, value, options, error, onChange }: ManyProps) {
  return (
    <fieldset className={error ? 'field many wrong' : 'field many'} aria-describedby={error && name + '-error'}>
      <legend>{legend}</legend>
      {options.map((o) => (
        <Checkbox key={o.value} name={name} value={o.value} checked={value.includes(o.value)} onChange={(e) => onChange(e.target.checked ? [...value, o.value] : value.filter((v) => v !== o.value))}>
          {o.label}
        </Checkbox>
      ))}
      {error && (
        <p className="error" id={name + '-error'} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}

function ToldForm({ e }: { e: Elements }) {
  const t = useWords()
  const [kept, setKept] = useState(e)
  const [values, setValues] = useState(e.values)
  const [saved, setSaved] = useState(false)
  const send = useVerb(
    () => shared.describe(Object.fromEntries(e.fields.map((f) => [f.code, values[f.code] ?? ''] as const).filter(([c, v]) => v !== (kept.values[c] ?? '')))),
    (now: Elements) => {
      setKept(now)
      setValues(now.values)
      setSaved(true)
    },
  )
  return (
    <form className="card" aria-labelledby="told" onSubmit={onSubmit(() => send.mutate(undefined))} noValidate>
      <h2 id="told">{t('told')}</h2>
      <p className="hint">{t('told_lead')}</p>
      <p className={kept.missing.length ? 'note warn' : 'note'} data-missing={kept.missing.length}>
        {kept.missing.length ? t('missing_n', { n: kept.missing.length }) : t('whole')}
      </p>
      {e.fields.map((f) => (
        <One
          key={f.code}
          f={f}
          value={values[f.code] ?? ''}
          error={at(send.error, 'values.' + f.code)}
          put={(v) => {
            setSaved(false)
            setValues((old) => ({ ...old, [f.code]: v }))
          }}
        />
      ))}
      <Problem error={send.error} />
      <Send pending={send.isPending} data-act="elements">{t('save')}</Send> <span role="status">{saved ? t('saved') : ''}</span>
    </form>
  )
}

interface OneProps { f: Element; value: string; put: (v: string) => void; error: string | undefined }

function One({ f, value, put, error }: OneProps) {
  const t = useWords()
  const types = useLoad(['types'], shared.problemTypes, 0, f.kind === 'fields')
  const id = 'e' + f.code
  const need = t(f.must === 'always' ? 'must' : f.must === 'if_any' || f.must === 'fees' ? f.must : 'optional')
  if (f.kind === 'fields') {
    return (
      <Many
        name={id}
        legend={`${f.name} · ${need}`}
        error={error}
        value={value ? value.split(';') : []}
        options={(types.data?.items ?? []).map((x) => ({ value: x.code, label: x.name }))}
        onChange={(v) => put(v.join(';'))}
      />
    )
  }
  if (f.kind === 'picture' || f.kind === 'pictures') return <Pictures f={f} value={value} put={put} error={error} need={need} />
  return (
    <Field id={id} label={f.name} hint={f.kind === 'names' ? `${need} · ${t('list_hint')}` : need} error={error}>
      {(aria) => {
        switch (f.kind) {
          case 'sex':
            return <Choice {...aria} value={value} onChange={put} all={t('not_told')} options={[{ value: '0', label: t('sex_0') }, { value: '1', label: t('sex_1') }]} />
          case 'past':
          case 'date':
            return <Input {...aria} type="date" value={value} onChange={(e) => put(e.target.value)} />
        }
        return f.max > 128 ? <Input.TextArea {...aria} rows={3} value={value} onChange={(e) => put(e.target.value)} /> : <Input {...aria} type={f.kind === 'email' ? 'email' : 'text'} value={value} onChange={(e) => put(e.target.value)} />
      }}
    </Field>
  )
}

const maxPicture = 8 << 20

/** One picture of a licence, or both sides of a card: uploaded at once, kept with Save. */
function Pictures({ f, value, put, error, need }: OneProps & { need: string }) {
  const t = useWords()
  const say = useSay()
  const n = f.kind === 'pictures' ? 2 : 1
  const mb = maxPicture >> 20
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')
  const list = value ? value.split(';') : []
  const add = async (file: File | undefined) => {
    if (input.current) input.current.value = ''
    if (!file) return
    if (file.size > maxPicture) {
      setWrong(t('picture_too_large', { mb }))
      return
    }
    setBusy(true)
    setWrong('')
    try {
      const { id } = await putNamed<{ id: string }>('/me/pictures', file)
      put([...list, id].slice(-n).join(';'))
    } catch (err) {
      setWrong(told(err, say))
    }
    setBusy(false)
  }
  const problem = wrong || (error && list.length > 0 && list.length < n ? t('picture_count', { n }) : error)
  const about = `e${f.code}-hint`
  return (
    <div className={problem ? 'field wrong' : 'field'} role="group" aria-labelledby={`e${f.code}-name`}>
      <span className="label" id={`e${f.code}-name`}>{f.name}</span>
      <p className="hint" id={about}>
        {need} · {t('picture_hint', { mb, n })}
      </p>
      {list.length > 0 && (
        <ul className="attaching">
          {list.map((x, i) => (
            <li key={x}>
              <Thumb width={96} src={api.myPicture(x)} alt={`${f.name} ${t('picture_n', { n: i + 1 })}`} />{' '}
              <Button type="text" size="small" aria-label={`${t('remove')} ${f.name} ${t('picture_n', { n: i + 1 })}`} onClick={() => put(list.filter((y) => y !== x).join(';'))}>
                {t('remove')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {list.length < n && (
        <Button loading={busy} aria-describedby={about} onClick={() => input.current?.click()}>
          {t('picture')}
        </Button>
      )}
      <input ref={input} id={'e' + f.code} type="file" hidden accept="image/jpeg,image/png,image/webp,image/gif" onChange={(e) => void add(e.target.files?.[0])} />
      {problem && (
        <p className="error" role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}
