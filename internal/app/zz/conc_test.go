package zz
import ("testing";"context";"fmt";"time";"path/filepath";"sync";"sync/atomic";"os"
"mingfa/internal/base/db";"mingfa/internal/base/due";"mingfa/internal/base/id";"mingfa/internal/base/journal";"mingfa/internal/base/who")
func TestConc(t *testing.T){
 ctx:=context.Background()
 d,err:=db.Open(ctx,"sqlite:"+filepath.Join(t.TempDir(),"a.db"),db.Options{Migrate:true}); if err!=nil{t.Fatal(err)}
 a:=who.System("x")
 org:=id.New()
 rows:=make([]id.ID,20000); for i:=range rows{rows[i]=id.New()}
 d.Do(ctx,a,func(tx *db.Tx)error{_,err:=tx.Exec(`CREATE TABLE bench_row (id UUID PRIMARY KEY, org UUID NOT NULL, rev BIGINT NOT NULL, state TEXT NOT NULL,lawyer UUID, asked_at BIGINT NOT NULL, answer_by BIGINT NOT NULL)`);return err})
 for b:=0;b<len(rows);b+=500{ var s []benchRow; for _,r:=range rows[b:b+500]{s=append(s,benchRow{ID:r,Org:org,State:"x",Lawyer:id.New(),AskedAt:db.At(d.Now()),AnswerBy:db.At(d.Now())})}; d.Do(ctx,a,func(tx *db.Tx)error{_,err:=tx.NewInsert().Model(&s).Exec(tx.Ctx());return err})}
 verb:=func(raw bool) func(tx *db.Tx,row id.ID)error{return func(tx *db.Tx,row id.ID)error{
   var r benchRow
   if raw { if err:=tx.Row("SELECT id,org,rev,state,lawyer,asked_at,answer_by FROM bench_row WHERE id=?",row.String()).Scan(&r.ID,&r.Org,&r.Rev,&r.State,&r.Lawyer,&r.AskedAt,&r.AnswerBy);err!=nil{return err}
   } else if err:=tx.NewSelect().Model(&r).Where("id = ?",row).Scan(tx.Ctx());err!=nil{return err}
   r.Rev++; r.AnswerBy=db.At(tx.Now())
   if raw { tx.Exec("UPDATE bench_row SET org=?,rev=?,state=?,lawyer=?,asked_at=?,answer_by=? WHERE id=? AND rev=?",r.Org.String(),r.Rev,r.State,r.Lawyer.String(),r.AskedAt,r.AnswerBy,row.String(),r.Rev-1)
   } else if _,err:=tx.NewUpdate().Model(&r).WherePK().Where("rev = ?",r.Rev-1).Exec(tx.Ctx());err!=nil{return err}
   if err:=due.Set(tx,due.Row{Org:org,Subject:row,Name:"answer",Kind:"bench",At:tx.Now().Add(time.Hour),Rule:"120min",Anchor:tx.Now(),Zone:"Asia/Shanghai",Interactive:true});err!=nil{return err}
   return journal.Write(tx,journal.Entry{Org:org,Root:row,Subject:row,Rev:r.Rev,Event:said{r.Rev,"lawyer"}})
 }}
 run:=func(name string,f func(tx *db.Tx,row id.ID)error){
   var n atomic.Int64; var wg sync.WaitGroup; st:=time.Now()
   for w:=0;w<64;w++{wg.Go(func(){ for i:=0;time.Since(st)<3*time.Second;i++{ if err:=d.Do(ctx,a,func(tx *db.Tx)error{return f(tx,rows[(i*64+w)%len(rows)])});err!=nil{t.Error(err);return}; n.Add(1)}})}
   wg.Wait(); fmt.Printf("%s %.0f/s\n",name,float64(n.Load())/time.Since(st).Seconds())
 }
 _=os.Args
 run("empty",func(tx *db.Tx,row id.ID)error{return nil})
 run("bun verb",verb(false))
 run("raw verb",verb(true))
 run("bun verb",verb(false))
}
