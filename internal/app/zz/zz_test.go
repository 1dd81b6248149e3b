package zz
import ("testing";"context";"fmt";"time";"path/filepath"
"github.com/uptrace/bun"
"mingfa/internal/base/db";"mingfa/internal/base/due";"mingfa/internal/base/id";"mingfa/internal/base/journal";"mingfa/internal/base/who")
type said struct{N int64 `json:"n"`; Role role `json:"role"`}
type role string
func (said) Kind() string {return "zz.said"}
func init(){journal.Register("x",func() journal.Event{return said{}})}
type benchRow struct {
	bun.BaseModel `bun:"table:bench_row"`
	ID            id.ID `bun:"type:uuid,pk"`
	Org           id.ID `bun:"type:uuid"`
	Rev           int64
	State         string
	Lawyer        id.ID `bun:"type:uuid"`
	AskedAt       db.Time
	AnswerBy      db.Time
}
func TestX(t *testing.T){
 ctx:=context.Background()
 d,err:=db.Open(ctx,"sqlite:"+filepath.Join(t.TempDir(),"a.db"),db.Options{Migrate:true}); if err!=nil{t.Fatal(err)}
 a:=who.System("x")
 org:=id.New()
 rows:=make([]id.ID,5000); for i:=range rows{rows[i]=id.New()}
 do:=func(name string,f func(tx *db.Tx,i int) error){
   var tot,all time.Duration; n:=0
   st:=time.Now()
   for b:=0;b<len(rows);b+=100{
     if err:=d.Do(ctx,a,func(tx *db.Tx) error{ s:=time.Now(); for i:=b;i<b+100;i++{ if err:=f(tx,i);err!=nil{return err}; n++ }; tot+=time.Since(s); return nil});err!=nil{t.Fatal(name,err)}
   }
   all=time.Since(st)
   fmt.Printf("%-20s %6.2f us  with commit %6.2f\n",name,float64(tot.Microseconds())/float64(n),float64(all.Microseconds())/float64(n))
 }
 d.Do(ctx,a,func(tx *db.Tx)error{_,err:=tx.Exec(`CREATE TABLE bench_row (id UUID PRIMARY KEY, org UUID NOT NULL, rev BIGINT NOT NULL, state TEXT NOT NULL,lawyer UUID, asked_at BIGINT NOT NULL, answer_by BIGINT NOT NULL)`);return err})
 do("bun insert",func(tx *db.Tx,i int)error{r:=benchRow{ID:rows[i],Org:org,State:"x",AskedAt:db.At(tx.Now()),AnswerBy:db.At(tx.Now())};_,err:=tx.NewInsert().Model(&r).Exec(tx.Ctx());return err})
 for rep:=1;rep<=2;rep++{
 do("bun select",func(tx *db.Tx,i int)error{var r benchRow; return tx.NewSelect().Model(&r).Where("id = ?",rows[i]).Scan(tx.Ctx())})
 do("raw select",func(tx *db.Tx,i int)error{var r benchRow; return tx.Row("SELECT id,org,rev,state,lawyer,asked_at,answer_by FROM bench_row WHERE id=?",rows[i].String()).Scan(&r.ID,&r.Org,&r.Rev,&r.State,&r.Lawyer,&r.AskedAt,&r.AnswerBy)})
 do("bun update",func(tx *db.Tx,i int)error{r:=benchRow{ID:rows[i],Org:org,Rev:int64(rep),State:"x",AskedAt:db.At(tx.Now()),AnswerBy:db.At(tx.Now())};_,err:=tx.NewUpdate().Model(&r).WherePK().Where("rev = ?",rep-1).Exec(tx.Ctx());return err})
 do("due.Set",func(tx *db.Tx,i int)error{return due.Set(tx,due.Row{Org:org,Subject:rows[i],Name:"answer",Kind:"bench",At:tx.Now().Add(time.Hour),Rule:"120min",Anchor:tx.Now(),Zone:"Asia/Shanghai",Interactive:true})})
 do("journal.Write",func(tx *db.Tx,i int)error{return journal.Write(tx,journal.Entry{Org:org,Root:rows[i],Subject:rows[i],Rev:int64(rep),Event:said{int64(i),"lawyer"}})})
 do("savepoint",func(tx *db.Tx,i int)error{return tx.Savepoint(func()error{return nil})})
 j,err:=journal.Open(ctx,d,journal.Config{}); if err!=nil{t.Fatal(err)}
 s:=time.Now(); n,err:=j.Sequence(ctx); fmt.Printf("sequence %6.2f us %v\n",float64(time.Since(s).Microseconds())/float64(n),err)
 j.React("r",journal.Start,nil,func(tx *db.Tx,f journal.Fact)error{return nil})
 s=time.Now(); j.Drain(ctx); fmt.Printf("react %6.2f us\n",float64(time.Since(s).Microseconds())/float64(len(rows)*rep))
 }
}
