// A value of a setting, shown or changed: numbers, yes or no, texts, lists and
// groups of them, as the value itself is made. The server says what is not right,
// at the field. What people don't read as it is written (a zone, a weekday, a code that
// has words) is told by the name of its field (Named).

import { langNames, langs, type Lang } from '../../../shared/lang'
import { onDay, weekday, zoneName } from '../../../shared/time'
import { useLang } from '../app'
import { at, Choice, Field } from '../parts'
import { Button, Checkbox, Input } from '../controls'
import { useWords } from './valuetexts'

interface Props {
  id: string
  label: string
  value: unknown
  labels: Record<string, string>
  error?: unknown
  /** the server's name of the field; '' is the value itself */
  path?: string
  /** without it the value is only shown */
  onChange?: (value: unknown) => void
}

export type Shape = 'number' | 'boolean' | 'text' | 'list' | 'group'

export function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) return 'list'
  if (value !== null && typeof value === 'object') return 'group'
  if (typeof value === 'number') return 'number'
  return typeof value === 'boolean' ? 'boolean' : 'text'
}

/** An empty value of the same shape, for a list that grows. */
export function blank(like: unknown): unknown {
  switch (shapeOf(like)) {
    case 'number':
      return 0
    case 'boolean':
      return false
    case 'list':
      return []
    case 'group':
      return Object.fromEntries(Object.entries(like as object).map(([k, v]) => [k, blank(v)]))
  }
  return ''
}

export function Value(p: Props) {
  switch (p.path?.split('.').at(-1)) {
    case 'zone':
      return <Zone {...p} value={String(p.value)} />
    case 'rest':
      return <Weekdays {...p} value={p.value as number[]} />
    case 'kind':
      return <Kind {...p} value={String(p.value)} />
  }
  if (!p.onChange && isWorded(p.value)) return <Worded {...p} value={p.value} />
  switch (shapeOf(p.value)) {
    case 'list':
      return <List {...p} value={p.value as unknown[]} />
    case 'group':
      return <Group {...p} value={p.value as Record<string, unknown>} />
  }
  return p.onChange ? <Leaf {...p} onChange={p.onChange} /> : <Shown {...p} />
}

// Time zones of the calendar: where the service is offered, and what was set.
function Zone({ value, onChange, ...p }: Props & { value: string }) {
  const lang = useLang()
  const zones = [...new Set(['Asia/Shanghai', 'Asia/Hong_Kong', value])].filter(Boolean)
  return <OneOf {...p} value={value} options={zones.map((z) => ({ value: z, label: zoneName(lang, z) }))} onChange={onChange} />
}

/** What a day of the calendar is. */
function Kind({ value, onChange, ...p }: Props & { value: string }) {
  const t = useWords()
  const kinds = { holiday: t('holiday'), workday: t('workday') }
  if (!(value in kinds)) return onChange ? <Leaf {...p} value={value} onChange={onChange} /> : <Shown {...p} value={value} />
  return <OneOf {...p} value={value} options={Object.entries(kinds).map(([value, label]) => ({ value, label }))} onChange={onChange} />
}

function OneOf({ value, options, onChange, ...p }: Props & { value: string; options: { value: string; label: string }[]; onChange: Props['onChange'] }) {
  if (!onChange) return <Shown {...p} value={options.find((o) => o.value === value)?.label ?? value} />
  return (
    <Field id={p.id} label={p.label} error={at(p.error, p.path ?? '')}>
      {(aria) => <Choice {...aria} value={value} options={options} onChange={onChange} />}
    </Field>
  )
}

/** Days of the week, 0 is Sunday; shown and chosen from Monday on. */
function Weekdays({ label, value, onChange }: Props & { value: number[] }) {
  const lang = useLang()
  const t = useWords()
  const days = [1, 2, 3, 4, 5, 6, 0]
  if (!onChange) return <Shown id="" labels={{}} label={label} value={days.filter((d) => value.includes(d)).map((d) => weekday(d, lang)).join(t('and'))} />
  return (
    <fieldset className="values">
      <legend>{label}</legend>
      <div className="many">
        {days.map((d) => (
          <Checkbox key={d} className="check" checked={value.includes(d)} onChange={(e) => onChange(e.target.checked ? [...value, d] : value.filter((x) => x !== d))}>
            {weekday(d, lang)}
          </Checkbox>
        ))}
      </div>
    </fieldset>
  )
}

interface Words {
  fatal: boolean
  text: Record<Lang, string>
}

const isWorded = (v: unknown): v is Words => v !== null && typeof v === 'object' && 'text' in v && 'fatal' in v

/** An item of the score card: its words, not its code. */
function Worded({ value }: Props & { value: Words }) {
  const lang = useLang()
  const t = useWords()
  return (
    <div className="worded">
      <p>
        {value.text[lang]} <span className={value.fatal ? 'state bad' : 'state'}>{t(value.fatal ? 'fatal' : 'minor')}</span>
      </p>
      {langs
        .filter((l) => l !== lang)
        .map((l) => (
          <p key={l} className="hint" lang={l}>
            {value.text[l]}
          </p>
        ))}
    </div>
  )
}

function Shown({ label, value }: Props) {
  const t = useWords()
  const text = typeof value === 'boolean' ? t(value ? 'yes' : 'no') : value === null || value === '' ? t('none') : String(value)
  return (
    <dl className="pairs wide">
      <div>
        <dt>{label}</dt>
        <dd className="pre">{text}</dd>
      </div>
    </dl>
  )
}

function Leaf({ id, label, value, error, path = '', onChange }: Props & { onChange: (v: unknown) => void }) {
  const wrong = path === '' ? at(error, 'value') : at(error, path)
  if (typeof value === 'boolean') {
    return (
      <p>
        <Checkbox id={id} checked={value} onChange={(e) => onChange(e.target.checked)}>
          {label}
        </Checkbox>
      </p>
    )
  }
  return (
    <Field id={id} label={label} error={wrong}>
      {(aria) =>
        typeof value === 'number' ? (
          <Input {...aria} className="choice" type="number" value={Number.isNaN(value) ? '' : value} onChange={(e) => onChange(e.target.value === '' ? NaN : Number(e.target.value))} />
        ) : (
          <Input.TextArea {...aria} rows={2} value={String(value ?? '')} onChange={(e) => onChange(e.target.value)} />
        )
      }
    </Field>
  )
}

/** The fields in the order people fill them in: words first, and those in the order of the languages. */
function entriesOf(value: Record<string, unknown>): [string, unknown][] {
  const order = ['text', 'fatal', 'code', ...langs] as string[]
  return Object.entries(value).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
}

const under = (path: string, key: string): string => (path ? `${path}.${key}` : key)

function Group({ id, value, labels, error, path = '', onChange }: Props & { value: Record<string, unknown> }) {
  const lang = useLang()
  return (
    <div className={onChange ? 'group' : 'group shown'}>
      {entriesOf(value).map(([k, v]) => (
        <Value key={k} id={`${id}-${k}`} label={labels[k] ?? langNames[k as Lang] ?? onDay(k, lang)} value={v} labels={labels} error={error} path={under(path, k)} {...(onChange && { onChange: (to: unknown) => onChange({ ...value, [k]: to }) })} />
      ))}
    </div>
  )
}

function List({ id, label, value, labels, error, path = '', onChange }: Props & { value: unknown[] }) {
  const t = useWords()
  const put = (i: number, to: unknown) => onChange?.(value.map((v, n) => (n === i ? to : v)))
  return (
    <fieldset className="values">
      <legend>{label}</legend>
      {value.length === 0 && <p className="hint">{t('none')}</p>}
      {value.map((v, i) => (
        <div key={i} className="one">
          <Value id={`${id}-${i}`} label={t('item', { n: i + 1 })} value={v} labels={labels} error={error} path={`${path}[${i}]`} {...(onChange && { onChange: (to: unknown) => put(i, to) })} />
          {onChange && (
            <Button size="small" danger onClick={() => onChange(value.filter((_, n) => n !== i))}>
              {t('remove', { n: i + 1 })}
            </Button>
          )}
        </div>
      ))}
      {onChange && (
        <Button size="small" onClick={() => onChange([...value, blank(value.at(-1) ?? '')])}>
          {t('add')}
        </Button>
      )}
    </fieldset>
  )
}
