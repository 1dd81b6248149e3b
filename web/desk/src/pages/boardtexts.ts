import type { Triple } from '../../../shared/lang'
import { words } from '../app'

export const rows = {
  title: ['实时看板', '實時看板', 'Live board'],
  wall: ['大屏', '大螢幕', 'Wallboard'],
  leave: ['退出大屏', '離開大螢幕', 'Leave the wallboard'],
  full: ['全屏', '全螢幕', 'Full screen'],
  fresh: ['{n} 秒前更新', '{n} 秒前更新', 'Updated {n} s ago'],
  stale: ['数据已 {n} 秒没有更新，请检查网络', '數據已 {n} 秒沒有更新，請檢查網絡', 'Not updated for {n} s: check the network'],
  behind: ['有 {n} 条记录尚未计入', '有 {n} 條紀錄尚未計入', '{n} records are not counted yet'],
  now: ['此刻', '現時', 'Now'],
  day: ['今日对照标准表 1', '今日對照標準表 1', 'Today against Table 1'],
  complaints: ['投诉建议', '投訴建議', 'Complaints'],
  quality: ['质检（本月）', '質素檢查（本月）', 'Quality check, this month'],
  lawyers: ['律师', '律師', 'Lawyers'],
  excluded: ['今日剔除', '今日剔除', 'Left out today'],
  met: ['达标', '達標', 'Met'],
  near: ['接近阈值', '接近閾值', 'Near the mark'],
  missed: ['未达标', '未達標', 'Missed'],
  few: ['样本太少', '樣本太少', 'Too few'],
  none: ['仅报告', '僅報告', 'Report only'],
  target: ['目标 {t}', '目標 {t}', 'Target {t}'],
  more: ['计算方法与走势', '計算方法與走勢', 'Formula and trend'],
  opens_counted: ['打开计入的 {n} 件', '開啟計入的 {n} 件', 'Open the {n} counted'],
  opens_of: ['打开全部 {n} 件', '開啟全部 {n} 件', 'Open all {n}'],
  opens_short: ['打开未达到的 {n} 件', '開啟未達到的 {n} 件', 'Open the {n} that fell short'],
  span: ['走势', '走勢', 'Trend'],
  hours: ['今日每小时', '今日每小時', 'Today by hour'],
  days: ['近 14 天', '近 14 天', '14 days'],
  period: ['时段', '時段', 'Period'],
  value: ['数值', '數值', 'Value'],
  parts: ['其中', '其中', 'Of which'],
} satisfies Record<string, Triple>

export const useWords = words(rows)
