package access

import (
	"maps"
	"slices"

	"mingfa/internal/base/who"
)

// rights says for each role under which condition it may.
type rights map[who.Role]When

// table is all of it: verb, role, condition.
var table = map[string]rights{
	// orders (public/consult)
	"order.ask":     {who.Citizen: Always},
	"order.list":    {who.Citizen: Own, who.DutyLawyer: Assigned, who.Operations: Within, who.Quality: Within, who.Bureau: Within, who.Machine: Within},
	"order.see":     {who.Citizen: Own, who.DutyLawyer: Assigned, who.Operations: Within, who.Quality: Within, who.Bureau: Within, who.Machine: Within},
	"order.message": {who.Citizen: Own, who.DutyLawyer: Assigned},
	"order.attach":  {who.Citizen: Own, who.DutyLawyer: Assigned},
	"order.file":    {who.Citizen: Own, who.DutyLawyer: Assigned, who.Operations: Within, who.Quality: Within, who.Bureau: Within}, // no machine reads files
	"order.answer":  {who.DutyLawyer: Assigned},
	"order.pass":    {who.DutyLawyer: Assigned},
	"order.read":    {who.Citizen: Own},
	"order.rate":    {who.Citizen: Own},
	"order.assign":  {who.Operations: Within},
	"order.exclude": {who.Operations: Within},
	"order.facts":   {who.Citizen: Own, who.DutyLawyer: Assigned, who.Operations: Within, who.Quality: Within, who.Bureau: Within, who.Machine: Within},
	"order.note":    {who.DutyLawyer: Assigned, who.Operations: Within, who.Quality: Within}, // reading and writing
	"order.proof":   {who.Citizen: Own, who.DutyLawyer: Assigned, who.Operations: Within, who.Quality: Within, who.Bureau: Within, who.Machine: Within},

	"exclusion.list": {who.Operations: Within, who.Quality: Within, who.Bureau: Within},
	// saved replies: those of an organisation serve all below it
	"saved.use":   {who.DutyLawyer: Always, who.Operations: Always, who.Admin: Always},
	"saved.own":   {who.DutyLawyer: Own},
	"saved.share": {who.Operations: Within, who.Admin: Within},

	// call-backs
	"callback.list":        {who.Operations: Within, who.Quality: Within, who.Bureau: Within, who.DutyLawyer: Assigned},
	"callback.see":         {who.Operations: Within, who.Quality: Within, who.Bureau: Within, who.DutyLawyer: Assigned},
	"callback.attempt":     {who.Operations: Within, who.Quality: Within},
	"callback.result":      {who.Operations: Within, who.Quality: Within},
	"callback.lawyer_call": {who.DutyLawyer: Assigned},
	"callback.close":       {who.Operations: Within, who.Quality: Within},
	"callback.export":      {who.Operations: Within, who.Quality: Within, who.Bureau: Within},

	// complaints (public/complaint): no lawyer sees who complained about him
	"complaint.make":        {who.Citizen: Always},
	"complaint.register":    {who.Operations: Within, who.Quality: Within},
	"complaint.list":        {who.Citizen: Own, who.Operations: Within, who.Quality: Within, who.Bureau: Within},
	"complaint.see":         {who.Citizen: Own, who.Operations: Within, who.Quality: Within, who.Bureau: Within},
	"complaint.attach":      {who.Citizen: Own, who.Operations: Within, who.Quality: Within},
	"complaint.call":        {who.Operations: Within, who.Quality: Within},
	"complaint.record":      {who.Operations: Within, who.Quality: Within},
	"complaint.flag":        {who.Operations: Within, who.Quality: Within},
	"complaint.file":        {who.Operations: Within, who.Quality: Within},
	"complaint.close":       {who.Operations: Within, who.Quality: Within},
	"complaint.acknowledge": {who.Bureau: Within},
	"complaint.export":      {who.Operations: Within, who.Quality: Within, who.Bureau: Within},

	// lawyers
	"lawyer.list":     {who.Operations: Within, who.Quality: Within, who.Bureau: Within},
	"lawyer.status":   {who.DutyLawyer: Always},
	"lawyer.practice": {who.DutyLawyer: Always},
	"lawyer.card":     {who.Operations: Within},

	// quality check (public/quality)
	"quality.list":    {who.Quality: Within, who.Bureau: Within, who.Admin: Within},
	"quality.see":     {who.Quality: Within, who.Bureau: Within, who.Admin: Within},
	"quality.result":  {who.DutyLawyer: Assigned},
	"quality.add":     {who.Quality: Within},
	"quality.draw":    {who.Quality: Within},
	"quality.check":   {who.Quality: Within},
	"quality.dispute": {who.DutyLawyer: Assigned},
	"quality.decide":  {who.Admin: Within},
	"quality.rates":   {who.Operations: Within, who.Quality: Within, who.Bureau: Within, who.Admin: Within},
	"quality.rules":   {who.DutyLawyer: Within, who.Operations: Within, who.Quality: Within, who.Bureau: Within, who.Admin: Within},
	"quality.set":     {who.Admin: Within},

	// interventions (public/quality)
	"intervention.see":    {who.Operations: Within, who.Quality: Within, who.Bureau: Within, who.Admin: Within},
	"intervention.change": {who.Quality: Within},

	// data that comes from and goes to other systems (data/exchange)
	"exchange.export": {who.Admin: Within},
	"exchange.import": {who.Admin: Within},
	"exchange.see":    {who.Admin: Within},
	"exchange.erase":  {who.Admin: Within},
	"exchange.set":    {who.Admin: Within},
	"archive.see":     {who.Operations: Within, who.Quality: Within, who.Bureau: Within}, // as an organisation's orders

	// supervision
	"figures.own":     {who.DutyLawyer: Always},
	"figures.see":     {who.Operations: Within, who.Quality: Within, who.Bureau: Within, who.Machine: Within},
	"report.see":      {who.Operations: Within, who.Quality: Within, who.Bureau: Within, who.Machine: Within},
	"warning.list":    {who.Operations: Within, who.Quality: Within},
	"alarm.list":      {who.Operations: Within, who.Quality: Within, who.Bureau: Within},
	"alarm.see":       {who.Operations: Within, who.Quality: Within, who.Bureau: Within},
	"alarm.change":    {who.Operations: Within},
	"journal.read":    {who.Admin: Always},
	"template.see":    {who.Admin: Within, who.Operations: Within, who.Quality: Within},
	"template.set":    {who.Admin: Within},
	"setting.read":    {who.Admin: Within},
	"setting.see":     {who.Operations: Within, who.Quality: Within, who.Bureau: Within, who.Admin: Within},
	"setting.set":     {who.Admin: Within},
	"statute.see":     {who.DutyLawyer: Always, who.Operations: Always, who.Quality: Always, who.Bureau: Always, who.Admin: Always, who.Machine: Always},
	"identity.manage": {who.Admin: Within},
	"identity.read":   {who.Admin: Within},
	"person.erase":    {who.Admin: Within},
	"token.manage":    {who.Admin: Within},
	"access.read":     {who.Admin: Within},
}

// scopes are what a machine's token may be made for: verbs that read, by name.
// A verb must stand here and have the role Machine in the table.
var scopes = map[string][]string{
	"orders:read":   {"order.list", "order.see", "order.facts", "order.proof"},
	"figures:read":  {"figures.see"},
	"reports:read":  {"report.see"},
	"statutes:read": {"statute.see"},
}

// Scopes are the names of all scopes, in order.
func Scopes() []string { return slices.Sorted(maps.Keys(scopes)) }

// Verbs are all verbs of the table, in order.
func Verbs() []string { return slices.Sorted(maps.Keys(table)) }
